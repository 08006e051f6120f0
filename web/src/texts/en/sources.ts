/** The texts of the pages that bring activities in. */
export const sources = {
  title: "Sources",
  text: "Where your activities come from.",
  upload: {
    title: "Import files",
    text:
      "FIT, GPX and TCX files of your watch, archives of them, or Strava’s whole bulk export as it is. Send the same file again at any time: what is there is skipped.",
    drop: "Drop files here",
    choose: "Choose files",
    exportHint:
      "Strava’s export holds your whole history: strava.com → Settings → My Account → Download or Delete Your Account.",
    sending: (percent: string) => `Sending: ${percent}`,
    remaining: (time: string) => `about ${time} left`,
    reading: (done: string, all: string) => `Reading: ${done} of ${all} files`,
    waiting: "Waiting for the upload before it",
    stop: "Stop",
    again: "Send again",
    failed: "The upload has failed.",
    result: (
      { imported, merged, updated, unchanged, refused }: Record<
        "imported" | "merged" | "updated" | "unchanged" | "refused",
        string
      >,
    ) =>
      `${imported} new, ${merged} merged with others, ${updated} updated, ${unchanged} known, ${refused} refused`,
    past: "Past imports",
    none: "Nothing has been imported yet.",
    states: {
      receiving: "Arriving",
      importing: "Being read",
      done: "Done",
      incomplete: "Incomplete",
      failed: "Failed",
    },
    refused: (count: number) =>
      count === 1 ? "1 refused file" : `${count} refused files`,
    file: "File",
    reason: "Reason",
    started: "Started",
    state: "State",
    files: "Files",
    imported: "New",
    more: "Show more",
  },
  strava: {
    title: "Strava",
    connect: "Connect Strava",
    noApp:
      "This instance has no Strava application, so it reads files only. The administrator can add one: see the settings STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET.",
    connected: "Connected",
    notConnected: "Not connected",
    fromFiles: "From files",
    reconnect: "Strava no longer accepts the connection. Connect again.",
    activities: (count: string) => `${count} activities`,
    lastSync: (at: string) => `Last synced: ${at}`,
    nextSync: (at: string) => `Next: ${at}`,
    never: "Not synced yet",
    phases: {
      idle: "Up to date",
      waiting: "Waiting for Strava",
      recent: "Syncing new activities",
      full: "Checking all activities",
      history: "Fetching your history",
    },
    remaining: (done: string, rest: string) =>
      `${done} fetched, about ${rest} to go`,
    syncNow: "Sync now",
    syncFull: "Check all activities",
    syncing: "Syncing",
    disconnect: "Disconnect",
    disconnectSure:
      "Disconnect Strava? Your activities stay here; new ones no longer arrive.",
    budget: "Requests to Strava",
    budgetShort: (used: string, limit: string) =>
      `${used} of ${limit} in this quarter of an hour`,
    budgetDaily: (used: string, limit: string) => `${used} of ${limit} today`,
    streams: "Streams",
    streamsText: (stored: string, waiting: string) =>
      `${stored} stored, ${waiting} to fetch`,
    runs: "Syncs",
    noRuns: "No sync yet.",
    fetched: "Fetched",
    inserted: "New",
    updated: "Changed",
    deleted: "Deleted",
    trigger: "Reason",
    triggers: {
      connect: "Connection",
      cron: "Schedule",
      refresh: "On request",
      shell: "Command line",
    },
    statuses: {
      running: "Running",
      success: "Done",
      failed: "Failed",
      interrupted: "Interrupted",
    },
    quarantine: "Activities that cannot be read",
    quarantineText:
      "Strava sent these in a form that Paceline does not understand. Each sync tries them again.",
    pending: (count: string) =>
      `${count} activities are missing at Strava. They are kept until you confirm that they were deleted there.`,
    confirm: "Delete them here too",
  },
};

/** The texts of the first run. */
export const setUp = {
  title: "Set up Paceline",
  text:
    "Create your account first. It administers this instance and owns its activities.",
  code: "Set-up code",
  codeNote:
    "The server shows it in its terminal at the start. `paceline user set-up-code` prints it again.",
  username: "Username",
  email: "E-mail address",
  emailNote: "To log in with. Nothing is sent to it.",
  password: "Password",
  passwordNote: "At least 10 characters, not easy to guess.",
  submit: "Create the account",
  submitting: "Creating the account",
  done: "This instance is set up already.",
  ready: "Your account is ready. Add your activities now.",
};
