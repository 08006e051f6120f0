import type { Texts } from "../en.ts";

/** The texts of the settings. */
export const settings: Texts["settings"] = {
  title: "Einstellungen",
  appearance: "Darstellung",
  thisBrowser: "Für diesen Browser.",
  theme: "Farben",
  language: "Sprache",
  languages: { system: "Wie der Browser", en: "English", de: "Deutsch" },
  units: "Einheiten",
  unitNames: {
    system: "Wie in meiner Region üblich",
    metric: "Kilometer und Meter",
    imperial: "Meilen und Fuß",
  },
  weekStart: "Erster Tag der Woche",
  weekStarts: {
    system: "Wie in meiner Region üblich",
    monday: "Montag",
    sunday: "Sonntag",
  },
  sharing: {
    title: "Teilen",
    text: "Wer deine Statistik und deine öffentlichen Aktivitäten sehen darf.",
    visibility: "Sichtbar für",
    levels: {
      private: "Nur mich",
      link: "Alle mit dem Link",
      public: "Alle",
    },
    link: "Link",
    copy: "Link kopieren",
    copied: "Kopiert",
    renew: "Neuen Link erstellen",
    renewSure: "Neuen Link erstellen? Der alte endet sofort.",
    isDefault: "Wird zuerst gezeigt",
    makeDefault: "Zuerst zeigen",
    none: "Du hast noch keinen Athleten.",
    remove: "Diesen Athleten löschen",
    removeSure:
      "Diesen Athleten mit allen Aktivitäten endgültig löschen? Das lässt sich nicht rückgängig machen.",
  },
  password: {
    title: "Passwort",
    current: "Jetziges Passwort",
    new: "Neues Passwort",
    change: "Passwort ändern",
    changed: (sessions) =>
      sessions === 1
        ? "Das Passwort ist geändert. 1 andere Sitzung wurde beendet."
        : `Das Passwort ist geändert. ${sessions} andere Sitzungen wurden beendet.`,
    confirmTitle: "Bestätige mit deinem Passwort",
    confirm: "Bestätigen",
    wrong: "Falsches Passwort.",
  },
  sessions: {
    title: "Sitzungen",
    text: "Wo du angemeldet bist.",
    current: "Dieser Browser",
    lastSeen: (at) => `Zuletzt benutzt ${at}`,
    end: "Beenden",
    endOthers: "Alle anderen beenden",
    unknown: "Unbekanntes Programm",
  },
  keys: {
    title: "API-Schlüssel",
    text: "Für Skripte und Apps. Jeder Schlüssel darf nur, was er soll.",
    none: "Noch kein Schlüssel.",
    name: "Name",
    scopes: "Rechte",
    expires: "Gültig bis",
    expiresNote: "Leer: bis du ihn widerrufst.",
    create: "Schlüssel erstellen",
    shownOnce: "Kopiere den Schlüssel jetzt. Er wird nicht wieder gezeigt.",
    copy: "Schlüssel kopieren",
    revoke: "Widerrufen",
    revokeSure:
      "Diesen Schlüssel widerrufen? Programme, die ihn benutzen, gehen nicht mehr.",
    lastUsed: (at) => `Zuletzt benutzt ${at}`,
    neverUsed: "Nie benutzt",
    inactive: "Widerrufen oder abgelaufen",
    scopeNames: {
      "stats:read": "Statistik lesen",
      "activities:read": "Öffentliche Aktivitäten lesen",
      "activities:read_private": "Alle Aktivitäten lesen, mit Orten",
      "activities:write": "Aktivitäten ändern",
      "athlete:read": "Gewicht, Schwellen und Zonen lesen",
      "athlete:write": "Gewicht, Schwellen und Zonen setzen",
      "sync:write": "Synchronisierungen starten",
      "export:read": "Daten exportieren",
      "import:write": "Dateien importieren",
      admin: "Die Instanz verwalten",
    },
  },
  data: {
    title: "Deine Daten",
    text: "Alles über dich und deine Athleten, als eine Datei.",
    export: "Meine Daten exportieren",
    activities: "Aktivitäten als CSV",
    delete: "Konto löschen",
    deleteText:
      "Löscht dein Konto, deine Athleten und alle ihre Aktivitäten endgültig.",
    deleteSure: "Gib dein Passwort ein, um alles zu löschen.",
  },
  audit: {
    title: "Protokoll",
    text: "Was mit Konten und Athleten dieser Instanz geschehen ist.",
    what: "Ereignis",
    who: "Benutzer",
    where: "Adresse",
    more: "Mehr zeigen",
  },
  system: {
    title: "Instanz",
    webhooks: "Push-Ereignisse",
    on: "Ein",
    off: "Aus",
    waiting: (count) => `${count} warten`,
    athletes: "Athleten",
    failures: (count) =>
      count === 1
        ? "1 fehlgeschlagene Synchronisierung"
        : `${count} fehlgeschlagene Synchronisierungen in Folge`,
    proxy:
      "Ein Proxy wurde benutzt, während TRUSTED_PROXIES 0 ist: alle seine Benutzer zählen als einer. Siehe die Einstellungen.",
    inactive: "Strava hat seine API für diese Anwendung geschlossen.",
  },
};
