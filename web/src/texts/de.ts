import { activity } from "./de/activity.ts";
import { gear } from "./de/gear.ts";
import { edits } from "./de/edits.ts";
import { sportTypes } from "./de/sport_types.ts";
import { statistics } from "./de/statistics.ts";
import { profile } from "./de/profile.ts";
import { settings } from "./de/settings.ts";
import { setUp, sources } from "./de/sources.ts";
import { training } from "./de/training.ts";
import type { Texts } from "./en.ts";

/** The app's texts in German. */
export const de: Texts = {
  profile,
  settings,
  setUp,
  sources,
  app: {
    name: "Paceline",
    skip: "Zum Inhalt",
    loading: "Wird geladen",
    navigation: "Hauptmenü",
    overview: "Übersicht",
    activities: "Aktivitäten",
    statistics: "Statistik",
    training: "Training",
    gear: "Ausrüstung",
    sources: "Quellen",
    settings: "Einstellungen",
    more: "Mehr",
    logIn: "Anmelden",
    logOut: "Abmelden",
    account: "Konto",
    theme: "Farben",
    themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
    offline: "Du bist offline. Das sind die Daten deines letzten Besuchs.",
    api: "API-Dokumentation",
    close: "Schließen",
    cancel: "Abbrechen",
    undo: "Rückgängig",
  },
  errors: {
    retry: "Nochmals versuchen",
    network: "Der Server ist nicht erreichbar.",
    timeout: "Der Server hat nicht rechtzeitig geantwortet.",
    notFound: "Diese Seite gibt es nicht.",
    toOverview: "Zur Übersicht",
    unexpected: "Diese Seite ist fehlgeschlagen.",
  },
  empty: {
    noAthlete: "Noch keine Aktivitäten",
    noAthleteText:
      "Importiere Dateien deiner Uhr oder den Export von Strava, oder verbinde Strava.",
    notSynced: "Deine Aktivitäten sind unterwegs",
    notSyncedText:
      "Die erste Synchronisierung läuft. Diese Seite aktualisiert sich von selbst.",
    loginNeeded: "Melde dich an, um dein Training zu sehen",
    loginNeededText: "Hier teilt niemand seine Statistik mit allen.",
    toSources: "Aktivitäten hinzufügen",
    loginFirst: "Melde dich an, um diese Seite zu sehen",
    setUp: "Paceline einrichten",
    setUpText: "Diese Instanz ist neu. Erstelle ihr erstes Konto.",
  },
  login: {
    title: "Anmelden",
    username: "Benutzername oder E-Mail",
    password: "Passwort",
    submit: "Anmelden",
    submitting: "Anmeldung läuft",
    invalid: "Benutzername oder Passwort ist falsch.",
    tooMany: (minutes) =>
      minutes === 1
        ? "Zu viele Versuche. Versuche es in einer Minute wieder."
        : `Zu viele Versuche. Versuche es in ${minutes} Minuten wieder.`,
    expired: "Deine Sitzung ist abgelaufen. Melde dich wieder an.",
    loggedOut: "Du bist abgemeldet.",
  },
  connect: {
    connected: "Verbunden.",
    connectedText: "Paceline holt jetzt deine Aktivitäten.",
    notConnected: "Nicht verbunden.",
    unknown: "Der Grund steht im Protokoll des Servers.",
    reasons: {
      access_denied:
        "Du hast bei Strava abgelehnt. Es wurde nichts gespeichert. Du kannst dich jederzeit verbinden.",
      athlete_limit_reached:
        "Die Strava-Anwendung hat die Höchstzahl ihrer Athleten erreicht: siehe strava.com/settings/api.",
      athlete_not_allowed:
        "ALLOWED_ATHLETES enthält dich nicht, oder ein anderer Athlet ist schon verbunden. Es wurde nichts gespeichert.",
      athlete_taken:
        "Dieser Athlet gehört zu einem anderen Konto. Melde dich mit jenem Konto an und verbinde erneut.",
      code_rejected:
        "Strava hat die Anmeldung nicht angenommen, oft weil STRAVA_CLIENT_SECRET falsch ist.",
      invalid_state:
        "Der Anmelde-Link ist abgelaufen, wurde schon benutzt oder in einem anderen Browser geöffnet. Verbinde erneut.",
      scope_missing:
        "„Daten über deine Aktivitäten ansehen“ war nicht angekreuzt, und Paceline braucht es. Verbinde erneut und lass es angekreuzt.",
      server_error:
        "Interner Fehler: die Ursache steht im Protokoll des Servers.",
      session_expired:
        "Deine Sitzung ist beendet, oder seither hat sich jemand anderes angemeldet. Melde dich an und verbinde erneut.",
      strava_unavailable:
        "Strava hat nicht geantwortet, oder sein Kontingent ist aufgebraucht. Versuche es in einigen Minuten wieder.",
    },
  },
  shared: {
    title: "Geteiltes Training",
    ended: "Dieser Link geht nicht",
    endedText:
      "Er ist unvollständig, oder er wurde beendet. Bitte um einen neuen.",
  },
  sports: { run: "Läufe", ride: "Fahrten", swim: "Schwimmen", other: "Andere" },
  sportTypes,
  metrics: {
    count: "Aktivitäten",
    distance: "Distanz",
    movingTime: "Bewegungszeit",
    elapsedTime: "Gesamtzeit",
    elevation: "Höhenmeter",
    pace: "Tempo",
    speed: "Geschwindigkeit",
    heartRate: "Herzfrequenz",
    power: "Leistung",
    cadence: "Trittfrequenz",
  },
  charts: { asTable: "Als Tabelle zeigen", date: "Datum", value: "Wert" },
  parts: {
    sport: "Sportart",
    allSports: "Alle Sportarten",
    sportGroups: "Gruppen",
    sportTypes: "Sportarten",
    metric: "Angezeigte Summe",
    visibleOnly: "Hier zählt nur, was alle sehen dürfen.",
  },
  gear,
  statistics,
  training,
  overview: {
    title: "Übersicht",
    yearSoFar: (year) => `${year} bis heute`,
    ahead: (distance, year) => `${distance} mehr als am selben Tag ${year}`,
    behind: (distance, year) => `${distance} weniger als am selben Tag ${year}`,
    sameAs: (year) => `Gleich viel wie am selben Tag ${year}`,
    cumulative: "Distanz im Jahresverlauf",
    thisWeek: "Diese Woche",
    thisMonth: "Dieser Monat",
    activities: (count, text) =>
      count === 1 ? "1 Aktivität" : `${text} Aktivitäten`,
    form: "Fitness und Form",
    fitness: "Fitness",
    fatigue: "Ermüdung",
    formValue: "Form",
    noLoad: "Noch keine Trainingsbelastung",
    streaks: "Serien",
    days: (count) => count === 1 ? "1 Tag" : `${count} Tage`,
    weeks: (count) => count === 1 ? "1 Woche" : `${count} Wochen`,
    months: (count) => count === 1 ? "1 Monat" : `${count} Monate`,
    longest: (length) => `Längste: ${length}`,
    noStreak: "Gerade keine",
    eddington: "Eddington-Zahl",
    eddingtonText: (value, unit, missing) =>
      `${value} Tage mit mindestens ${value} ${unit}. Noch ${missing} bis ${
        value + 1
      }.`,
    milestones: "Nächste Meilensteine",
    toGo: (text) => `noch ${text}`,
    calendar: "Tage dieses Jahres",
    calendarDay: (day, text) => `${day}: ${text}`,
    calendarSummary: (active, days) => `An ${active} von ${days} Tagen aktiv`,
    rest: "keine Aktivität",
    newest: "Neueste Aktivitäten",
    all: "Alle Aktivitäten",
    months12: "Die letzten 12 Monate",
  },
  activities: {
    title: "Aktivitäten",
    count: (text) => `${text} Aktivitäten`,
    none: "Keine Aktivität passt",
    noneText: "Ändere oder lösche die Filter.",
    clear: "Filter löschen",
    search: "Suche",
    searchHint: "Name einer Aktivität",
    sport: "Sportart",
    anySport: "Alle Sportarten",
    from: "Von",
    to: "Bis",
    minDistance: "Mindestens",
    maxDistance: "Höchstens",
    filters: "Filter",
    sort: "Reihenfolge",
    sorts: {
      date: "Neueste zuerst",
      distance: "Weiteste zuerst",
      moving_time: "Längste Zeit zuerst",
      elevation_gain: "Meiste Höhenmeter zuerst",
      average_speed: "Schnellste zuerst",
    },
    view: "Ansicht",
    table: "Tabelle",
    cards: "Karten",
    loadingMore: "Weitere werden geladen",
    end: (text) => `Alle ${text} Aktivitäten`,
    commute: "Arbeitsweg",
    manual: "Von Hand eingetragen",
    trainer: "Drinnen",
    private: "Nur du",
    followers: "Follower",
    unnamed: "Ohne Namen",
    download: "Als CSV herunterladen",
    date: "Datum",
    name: "Name",
  },
  activity,
  edits,
};
