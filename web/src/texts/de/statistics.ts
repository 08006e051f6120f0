import type { Texts } from "../en.ts";

/** Texts of the statistics in German. */
export const statistics: Texts["statistics"] = {
  title: "Statistik",
  tabs: "Statistiken",
  sections: {
    years: "Jahre",
    months: "Monate und Wochen",
    progress: "Jahr gegen Jahr",
    calendar: "Kalender",
    review: "Jahresrückblick",
    records: "Rekorde",
    distribution: "Wann und wie weit",
    compare: "Vergleichen",
    eddington: "Eddington-Zahl",
    streaks: "Serien",
    milestones: "Meilensteine",
  },
  none: "Hier zählt keine Aktivität",
  noneText: "Wähle eine andere Sportart oder einen anderen Zeitraum.",
  sport: "Sportart",
  allYears: "Alle Jahre",
  year: "Jahr",
  month: "Monat",
  week: "Woche",
  sum: "Summe",
  most: (period, text) => `Am meisten: ${text}, ${period}`,
  years: { title: "Jahr für Jahr" },
  months: {
    title: "Monat für Monat",
    ofYear: (year) => `Monate ${year}`,
    weeks: "Wochen",
    week: (from, to) => `Woche ${from} – ${to}`,
  },
  progress: {
    title: "Jahr gegen Jahr",
    years: "Angezeigte Jahre",
    summary: (day, values) => `Bis ${day}: ${values}`,
  },
  calendar: {
    title: (year) => `Tage ${year}`,
    activeDays: "Aktive Tage",
    hint:
      "Je dunkler ein Tag, desto länger die Bewegungszeit. Wähle einen Tag, um seine Aktivitäten zu sehen.",
  },
  review: {
    kicker: "Jahresrückblick",
    title: (year) => `Rückblick auf ${year}`,
    soFar: (year) => `${year} bis heute`,
    otherYears: "Andere Jahre",
    activeDays: "Aktive Tage",
    ofDays: (share) => `${share} aller Tage`,
    change: (percent, { isMore, year }) =>
      `${percent} ${isMore ? "mehr" : "weniger"} als ${year}`,
    highlights: "Höhepunkte",
    topDays: "Größte Tage",
    streak: "Längste Serie",
    longest: (sport) => `Am weitesten: ${sport}`,
    share: "Bild teilen",
    save: "Bild speichern",
    pictureFailed: "Dieser Browser kann das Bild nicht erzeugen.",
    print: "Drucken",
  },
  records: {
    window: "Zeitraum",
    windows: {
      all: "Gesamte Zeit",
      year: "Dieses Jahr",
      "4w": "Letzte 4 Wochen",
      "12w": "Letzte 12 Wochen",
      "26w": "Letzte 26 Wochen",
      "52w": "Letzte 52 Wochen",
    },
    biggestBy: "Größte Tage, Wochen, Monate, Jahre nach",
    longest: "Größte Distanz",
    longestTime: "Längste Bewegungszeit",
    mostClimbing: "Meiste Höhenmeter",
    fastest: (distance) => `Schnellste über mindestens ${distance}`,
    biggest: {
      day: "Größter Tag",
      week: "Größte Woche",
      month: "Größter Monat",
      year: "Größtes Jahr",
    },
  },
  distribution: {
    weekdays: "Wochentage",
    weekday: "Wochentag",
    hours: "Uhrzeit des Starts",
    hour: "Uhrzeit",
    unknownHour: (count, text) =>
      count === 1
        ? "Der Start 1 weiteren Aktivität ist bei Strava verborgen."
        : `Der Start von ${text} weiteren Aktivitäten ist bei Strava verborgen.`,
    sports: "Sportarten",
    bands: (sport) => `Distanzen: ${sport}`,
    from: (unit) => `ab … ${unit}`,
  },
  compare: {
    periods: "Zeiträume",
    presets: {
      year_to_date: "Dieses Jahr bis heute und letztes Jahr",
      month_to_date: "Dieser Monat bis heute und letzter Monat",
      week_to_date: "Diese Woche bis heute und letzte Woche",
      year: "Dieses Jahr und das ganze letzte",
      month: "Dieser Monat und der ganze letzte",
      week: "Diese Woche und die ganze letzte",
      "30d": "30 Tage und die 30 davor",
      "90d": "90 Tage und die 90 davor",
      "365d": "365 Tage und die 365 davor",
    },
    own: "Beliebige Tage",
    from: "Von",
    to: "Bis",
    baseFrom: "Verglichen mit, von",
    baseTo: "Verglichen mit, bis",
    current: "Zeitraum",
    base: "Verglichen mit",
    difference: "Unterschied",
    percent: "Prozent",
    sum: "Summe",
    against: (days) => `(${days}) verglichen mit`,
  },
  eddington: {
    unit: "Einheit",
    by: "Tage oder Wochen",
    days: "Tage",
    weeks: "Wochen",
    meaning: {
      day: (value, unit) =>
        `An ${value} Tagen hast du mindestens ${value} ${unit} zurückgelegt.`,
      week: (value, unit) =>
        `In ${value} Wochen hast du mindestens ${value} ${unit} zurückgelegt.`,
    },
    next: {
      day: (value, unit, missing) =>
        missing === 1
          ? `Noch ein Tag mit mindestens ${value} ${unit} bis ${value}.`
          : `Noch ${missing} Tage mit mindestens ${value} ${unit} bis ${value}.`,
      week: (value, unit, missing) =>
        missing === 1
          ? `Noch eine Woche mit mindestens ${value} ${unit} bis ${value}.`
          : `Noch ${missing} Wochen mit mindestens ${value} ${unit} bis ${value}.`,
    },
    toNext: (value) => `Fortschritt bis ${value}`,
    history: "Im Lauf der Jahre",
    reached: (value, day) => `${value} wurde am ${day} erreicht.`,
    sports: "Nach Sportart",
    nextNumber: "Nächste",
    missing: "Fehlen",
    nextDays: {
      day: (value, unit) => `Tage mit mindestens ${value} ${unit}`,
      week: (value, unit) => `Wochen mit mindestens ${value} ${unit}`,
    },
  },
  streaks: {
    day: "Tage in Folge",
    week: "Wochen in Folge",
    month: "Monate in Folge",
    current: "Jetzt",
    longest: "Längste",
    ended: "Die letzte ist zu Ende.",
  },
  milestones: {
    next: (value) => `Fortschritt bis ${value}`,
    toGo: (remaining, value) => `noch ${remaining} bis ${value}`,
  },
};
