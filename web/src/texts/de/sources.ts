import type { Texts } from "../en.ts";

/** The texts of the pages that bring activities in. */
export const sources: Texts["sources"] = {
  title: "Quellen",
  text: "Woher deine Aktivitäten kommen.",
  upload: {
    title: "Dateien importieren",
    text:
      "FIT-, GPX- und TCX-Dateien deiner Uhr, Archive davon, oder den ganzen Export von Strava, so wie er ist. Du kannst dieselbe Datei jederzeit wieder senden: was da ist, wird übersprungen.",
    drop: "Dateien hier ablegen",
    choose: "Dateien wählen",
    exportHint:
      "Der Export von Strava enthält alles: strava.com → Einstellungen → Mein Konto → Konto herunterladen oder löschen.",
    sending: (percent) => `Wird gesendet: ${percent}`,
    remaining: (time) => `noch etwa ${time}`,
    reading: (done, all) => `Wird gelesen: ${done} von ${all} Dateien`,
    waiting: "Wartet auf die Datei davor",
    stop: "Anhalten",
    again: "Nochmals senden",
    failed: "Die Übertragung ist fehlgeschlagen.",
    result: ({ imported, merged, updated, unchanged, refused }) =>
      `${imported} neu, ${merged} mit anderen vereint, ${updated} geändert, ${unchanged} bekannt, ${refused} abgelehnt`,
    past: "Bisherige Importe",
    none: "Es wurde noch nichts importiert.",
    states: {
      receiving: "Kommt an",
      importing: "Wird gelesen",
      done: "Fertig",
      incomplete: "Unvollständig",
      failed: "Fehlgeschlagen",
    },
    refused: (count) =>
      count === 1 ? "1 abgelehnte Datei" : `${count} abgelehnte Dateien`,
    file: "Datei",
    reason: "Grund",
    started: "Beginn",
    state: "Zustand",
    files: "Dateien",
    imported: "Neu",
    more: "Mehr zeigen",
  },
  strava: {
    title: "Strava",
    connect: "Strava verbinden",
    noApp:
      "Diese Instanz hat keine Strava-Anwendung und liest nur Dateien. Die Verwaltung kann eine eintragen: siehe die Einstellungen STRAVA_CLIENT_ID und STRAVA_CLIENT_SECRET.",
    connected: "Verbunden",
    notConnected: "Nicht verbunden",
    fromFiles: "Aus Dateien",
    reconnect: "Strava nimmt die Verbindung nicht mehr an. Verbinde erneut.",
    activities: (count) => `${count} Aktivitäten`,
    lastSync: (at) => `Zuletzt synchronisiert: ${at}`,
    nextSync: (at) => `Nächstes Mal: ${at}`,
    never: "Noch nicht synchronisiert",
    phases: {
      idle: "Aktuell",
      waiting: "Wartet auf Strava",
      recent: "Neue Aktivitäten werden geholt",
      full: "Alle Aktivitäten werden geprüft",
      history: "Deine Vergangenheit wird geholt",
    },
    remaining: (done, rest) => `${done} geholt, noch etwa ${rest}`,
    syncNow: "Jetzt synchronisieren",
    syncFull: "Alle Aktivitäten prüfen",
    syncing: "Synchronisiert",
    disconnect: "Trennen",
    disconnectSure:
      "Strava trennen? Deine Aktivitäten bleiben hier; neue kommen nicht mehr.",
    budget: "Anfragen an Strava",
    budgetShort: (used, limit) =>
      `${used} von ${limit} in dieser Viertelstunde`,
    budgetDaily: (used, limit) => `${used} von ${limit} heute`,
    streams: "Messreihen",
    streamsText: (stored, waiting) =>
      `${stored} gespeichert, ${waiting} noch zu holen`,
    runs: "Synchronisierungen",
    noRuns: "Noch keine Synchronisierung.",
    fetched: "Geholt",
    inserted: "Neu",
    updated: "Geändert",
    deleted: "Gelöscht",
    trigger: "Anlass",
    triggers: {
      connect: "Verbindung",
      cron: "Zeitplan",
      refresh: "Auf Wunsch",
      shell: "Kommandozeile",
    },
    statuses: {
      running: "Läuft",
      success: "Fertig",
      failed: "Fehlgeschlagen",
      interrupted: "Unterbrochen",
    },
    quarantine: "Aktivitäten, die nicht gelesen werden können",
    quarantineText:
      "Strava hat sie in einer Form gesendet, die Paceline nicht versteht. Jede Synchronisierung versucht es wieder.",
    pending: (count) =>
      `${count} Aktivitäten fehlen bei Strava. Sie bleiben, bis du bestätigst, dass sie dort gelöscht wurden.`,
    confirm: "Auch hier löschen",
  },
};

/** The texts of the first run. */
export const setUp: Texts["setUp"] = {
  title: "Paceline einrichten",
  text:
    "Erstelle zuerst dein Konto. Es verwaltet diese Instanz, und ihm gehören deren Aktivitäten.",
  code: "Einrichtungs-Code",
  codeNote:
    "Der Server zeigt ihn beim Start im Terminal. `paceline user set-up-code` zeigt ihn wieder.",
  username: "Benutzername",
  email: "E-Mail-Adresse",
  emailNote: "Zum Anmelden. Es wird nichts dorthin gesendet.",
  password: "Passwort",
  passwordNote: "Mindestens 10 Zeichen, nicht leicht zu erraten.",
  submit: "Konto erstellen",
  submitting: "Konto wird erstellt",
  done: "Diese Instanz ist schon eingerichtet.",
  ready: "Dein Konto ist bereit. Füge jetzt deine Aktivitäten hinzu.",
};
