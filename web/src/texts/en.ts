import { activity } from "./en/activity.ts";
import { gear } from "./en/gear.ts";
import { edits } from "./en/edits.ts";
import { statistics } from "./en/statistics.ts";
import { profile } from "./en/profile.ts";
import { settings } from "./en/settings.ts";
import { setUp, sources } from "./en/sources.ts";
import { training } from "./en/training.ts";

/** The app's texts in English. Other languages have the same keys. */
export const en = {
  profile,
  settings,
  setUp,
  sources,
  app: {
    name: "Paceline",
    skip: "Skip to content",
    loading: "Loading",
    navigation: "Main navigation",
    overview: "Overview",
    activities: "Activities",
    statistics: "Statistics",
    training: "Training",
    gear: "Gear",
    sources: "Sources",
    settings: "Settings",
    more: "More",
    logIn: "Log in",
    logOut: "Log out",
    account: "Account",
    theme: "Colours",
    themes: { system: "Like the system", light: "Light", dark: "Dark" },
    offline: "You are offline. These are the data of your last visit.",
    api: "API documentation",
    close: "Close",
    cancel: "Cancel",
    undo: "Undo",
  },
  errors: {
    retry: "Try again",
    network: "The server cannot be reached.",
    timeout: "The server took too long to respond.",
    notFound: "This page does not exist.",
    toOverview: "Go to the overview",
    unexpected: "This page has failed.",
  },
  empty: {
    noAthlete: "No activities yet",
    noAthleteText:
      "Import files of your watch or Strava’s export, or connect Strava.",
    notSynced: "Your activities are on their way",
    notSyncedText: "The first sync is running. This page updates by itself.",
    loginNeeded: "Log in to see your training",
    loginNeededText: "Nobody shares statistics with everyone here.",
    toSources: "Add activities",
    loginFirst: "Log in to see this page",
    setUp: "Set up Paceline",
    setUpText: "This instance is new. Create its first account.",
  },
  login: {
    title: "Log in",
    username: "Username or e-mail",
    password: "Password",
    submit: "Log in",
    submitting: "Logging in",
    invalid: "Wrong username or password.",
    tooMany: (minutes: number) =>
      minutes === 1
        ? "Too many attempts. Try again in a minute."
        : `Too many attempts. Try again in ${minutes} minutes.`,
    expired: "Your session has expired. Log in again.",
    loggedOut: "You are logged out.",
  },
  connect: {
    connected: "Connected.",
    connectedText: "Paceline fetches your activities now.",
    notConnected: "Not connected.",
    unknown: "The server log has the reason.",
    reasons: {
      access_denied:
        "You declined on Strava’s page. Nothing was stored. You can connect at any time.",
      athlete_limit_reached:
        "The Strava application has reached its athlete limit: see strava.com/settings/api.",
      athlete_not_allowed:
        "ALLOWED_ATHLETES does not include you, or another athlete is already connected. Nothing was stored.",
      athlete_taken:
        "This athlete belongs to another account. Log in to that account and connect again.",
      code_rejected:
        "Strava did not accept the sign-in, often because STRAVA_CLIENT_SECRET is wrong.",
      invalid_state:
        "The sign-in link has expired, was already used, or was opened in another browser. Connect again.",
      scope_missing:
        "“View data about your activities” was not ticked, and Paceline needs it. Connect again and leave it ticked.",
      server_error: "Internal error: the server log has the cause.",
      session_expired:
        "Your session has ended, or another user has logged in since. Log in and connect again.",
      strava_unavailable:
        "Strava did not respond, or its rate limit is used up. Try again in a few minutes.",
    },
  },
  shared: {
    title: "Shared training",
    ended: "This link does not work",
    endedText:
      "It is incomplete, or its owner has ended it. Ask for a new one.",
  },
  sports: { run: "Runs", ride: "Rides", swim: "Swims", other: "Other" },
  /** Names of sport types. English ones come from Strava's own names. */
  sportTypes: {} as Readonly<Record<string, string>>,
  metrics: {
    count: "Activities",
    distance: "Distance",
    movingTime: "Moving time",
    elapsedTime: "Elapsed time",
    elevation: "Elevation gain",
    pace: "Pace",
    speed: "Speed",
    heartRate: "Heart rate",
    power: "Power",
    cadence: "Cadence",
  },
  charts: {
    asTable: "Show as table",
    date: "Date",
    value: "Value",
  },
  parts: {
    sport: "Sport",
    allSports: "All sports",
    sportGroups: "Groups",
    sportTypes: "Sport types",
    metric: "Sum to show",
    visibleOnly: "Only what everyone may see counts here.",
  },
  gear,
  statistics,
  training,
  overview: {
    title: "Overview",
    yearSoFar: (year: number) => `${year} so far`,
    ahead: (distance: string, year: number) =>
      `${distance} ahead of the same day in ${year}`,
    behind: (distance: string, year: number) =>
      `${distance} behind the same day in ${year}`,
    sameAs: (year: number) => `As far as on the same day in ${year}`,
    cumulative: "Distance over the year",
    thisWeek: "This week",
    thisMonth: "This month",
    activities: (count: number, text: string) =>
      count === 1 ? "1 activity" : `${text} activities`,
    form: "Fitness and form",
    fitness: "Fitness",
    fatigue: "Fatigue",
    formValue: "Form",
    noLoad: "No training load yet",
    streaks: "Streaks",
    days: (count: number) => count === 1 ? "1 day" : `${count} days`,
    weeks: (count: number) => count === 1 ? "1 week" : `${count} weeks`,
    months: (count: number) => count === 1 ? "1 month" : `${count} months`,
    longest: (length: string) => `Longest: ${length}`,
    noStreak: "None now",
    eddington: "Eddington number",
    eddingtonText: (value: number, unit: string, missing: number) =>
      `${value} days of at least ${value} ${unit}. ${missing} more for ${
        value + 1
      }.`,
    milestones: "Next milestones",
    toGo: (text: string) => `${text} to go`,
    calendar: "Days of this year",
    calendarDay: (day: string, text: string) => `${day}: ${text}`,
    calendarSummary: (active: number, days: number) =>
      `Active on ${active} of ${days} days`,
    rest: "no activity",
    newest: "Newest activities",
    all: "All activities",
    months12: "The last 12 months",
  },
  activities: {
    title: "Activities",
    count: (text: string) => `${text} activities`,
    none: "No activity matches",
    noneText: "Change or clear the filters.",
    clear: "Clear filters",
    search: "Search",
    searchHint: "Name of an activity",
    sport: "Sport",
    anySport: "All sports",
    from: "From",
    to: "To",
    minDistance: "At least",
    maxDistance: "At most",
    filters: "Filters",
    sort: "Sort by",
    sorts: {
      date: "Newest first",
      distance: "Longest first",
      moving_time: "Longest time first",
      elevation_gain: "Most climbing first",
      average_speed: "Fastest first",
    },
    view: "View",
    table: "Table",
    cards: "Cards",
    loadingMore: "Loading more",
    end: (text: string) => `All ${text} activities`,
    commute: "Commute",
    manual: "Entered by hand",
    trainer: "Indoors",
    private: "Only you",
    followers: "Followers",
    unnamed: "No name",
    download: "Download as CSV",
    date: "Date",
    name: "Name",
  },
  activity,
  edits,
};

/** The app's texts in one language. */
export type Texts = typeof en;
