/** Texts of the gear page in English. */
export const gear = {
  title: "Gear",
  none: "No gear yet",
  noneText:
    "Shoes and bikes appear here when activities from Strava or its export use them.",
  groups: { bikes: "Bikes", shoes: "Shoes and other gear", retired: "Retired" },
  distances: "Distances",
  name: "Gear",
  unnamed: (id: string) => `Gear ${id}`,
  daysHidden: "Its days are hidden.",
  due: (name: string, distance: string, reminder: string) =>
    `${name} has covered ${distance}. Your reminder is at ${reminder}.`,
  left: (left: string, reminder: string) =>
    `${left} to the reminder at ${reminder}`,
  over: (over: string, reminder: string) =>
    `${over} over the reminder at ${reminder}`,
  reminderOf: (name: string) => `Wear of ${name}`,
  addReminder: "Remind me",
  changeReminder: "Change reminder",
  remindAt: "Remind me at",
  emptyRemoves: "Leave it empty to remove the reminder.",
  save: "Save reminder",
  unused: "No activity uses it.",
  add: "Add gear",
  kind: "Kind",
  kinds: { bike: "Bike", shoes: "Shoes" },
  nameField: "Name",
  brand: "Brand",
  model: "Model",
  saveGear: "Save",
  rename: "Rename",
  retire: "Retire",
  unretire: "Use again",
  kept: "Reminders are kept in this browser only.",
};
