import type { Texts } from "../en.ts";

/** The texts of an athlete's values and privacy. */
export const profile: Texts["profile"] = {
  values: {
    title: "Körper und Schwellen",
    text:
      "Jeder Wert gilt ab seinem Tag. Auch die Werte aus deinen Dateien und von Strava stehen hier; deine gehen vor.",
    kind: "Wert",
    kinds: {
      weight: "Gewicht",
      resting_heartrate: "Ruhepuls",
      max_heartrate: "Maximalpuls",
      threshold_heartrate: "Schwellenpuls",
      ftp: "Schwellenleistung (FTP)",
      threshold_speed: "Schwellentempo",
      heartrate_zones: "Herzfrequenzzonen",
      power_zones: "Leistungszonen",
      speed_zones: "Tempozonen",
    },
    from: "Ab",
    amount: "Betrag",
    zonesNote: "Die Grenzen zwischen den Zonen, durch Leerzeichen getrennt.",
    paceNote: "Minuten und Sekunden je Kilometer, zum Beispiel 4:30.",
    source: "Quelle",
    sources: { owner: "Du", file: "Datei", strava: "Strava" },
    set: "Speichern",
    remove: "Löschen",
    removeSure: "Diesen Wert löschen?",
    none: "Noch kein Wert.",
    wrong: "Gib eine Zahl ein.",
  },
  privacy: {
    title: "Orte",
    text:
      "Du siehst immer die ganze Strecke. Andere sehen Karten nur, wenn du sie zeigst, und nie, was hier verborgen ist.",
    showMaps: "Karten allen zeigen, die eine Aktivität sehen",
    start: "Die ersten Meter verbergen",
    end: "Die letzten Meter verbergen",
    zones: "Verborgene Zonen",
    noZones: "Noch keine Zone.",
    zone: (radius) => `${radius} um die Mitte`,
    name: "Name",
    latitude: "Breite",
    longitude: "Länge",
    radius: "Radius in Metern",
    here: "Meinen Ort nehmen",
    hereFailed: "Der Browser verrät deinen Ort nicht.",
    add: "Zone hinzufügen",
    remove: "Löschen",
    removeSure: "Diese Zone löschen? Strecken zeigen, was sie verbirgt.",
    save: "Speichern",
  },
};
