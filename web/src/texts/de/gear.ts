import type { Texts } from "../en.ts";

/** Texts of the gear page in German. */
export const gear: Texts["gear"] = {
  title: "Ausrüstung",
  none: "Noch keine Ausrüstung",
  noneText:
    "Schuhe und Räder erscheinen hier, wenn Aktivitäten von Strava oder aus seinem Export sie verwenden.",
  groups: {
    bikes: "Räder",
    shoes: "Schuhe und andere Ausrüstung",
    retired: "Ausgemustert",
  },
  distances: "Distanzen",
  name: "Ausrüstung",
  unnamed: (id) => `Ausrüstung ${id}`,
  daysHidden: "Ihre Tage sind verborgen.",
  due: (name, distance, reminder) =>
    `${name} hat ${distance} hinter sich. Deine Erinnerung ist bei ${reminder}.`,
  left: (left, reminder) => `noch ${left} bis zur Erinnerung bei ${reminder}`,
  over: (over, reminder) => `${over} über der Erinnerung bei ${reminder}`,
  reminderOf: (name) => `Abnutzung von ${name}`,
  addReminder: "Erinnere mich",
  changeReminder: "Erinnerung ändern",
  remindAt: "Erinnere mich bei",
  emptyRemoves: "Leer lassen, um die Erinnerung zu entfernen.",
  save: "Erinnerung speichern",
  unused: "Keine Aktivität verwendet sie.",
  add: "Ausrüstung hinzufügen",
  kind: "Art",
  kinds: { bike: "Rad", shoes: "Schuhe" },
  nameField: "Name",
  brand: "Marke",
  model: "Modell",
  saveGear: "Speichern",
  rename: "Umbenennen",
  retire: "Ausmustern",
  unretire: "Wieder benutzen",
  kept: "Erinnerungen bleiben nur in diesem Browser.",
};
