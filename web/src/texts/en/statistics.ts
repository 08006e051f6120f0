/** Texts of the statistics in English. */
export const statistics = {
  title: "Statistics",
  tabs: "Statistics",
  sections: {
    years: "Years",
    months: "Months and weeks",
    progress: "Year against year",
    calendar: "Calendar",
    review: "Year in review",
    records: "Records",
    distribution: "When and how far",
    compare: "Compare",
    eddington: "Eddington number",
    streaks: "Streaks",
    milestones: "Milestones",
  },
  none: "No activity counts here",
  noneText: "Choose another sport or another period.",
  sport: "Sport",
  allYears: "All years",
  year: "Year",
  month: "Month",
  week: "Week",
  sum: "Total",
  most: (period: string, text: string) => `The most was ${text} in ${period}`,
  years: { title: "Year by year" },
  months: {
    title: "Month by month",
    ofYear: (year: number) => `Months of ${year}`,
    weeks: "Weeks",
    week: (from: string, to: string) => `the week ${from} – ${to}`,
  },
  progress: {
    title: "Year against year",
    years: "Years to show",
    summary: (day: string, values: string) => `By ${day}: ${values}`,
  },
  calendar: {
    title: (year: number) => `Days of ${year}`,
    activeDays: "Active days",
    hint:
      "The darker a day, the longer its moving time. Choose a day to see its activities.",
  },
  review: {
    kicker: "Year in review",
    title: (year: number) => `${year} in review`,
    soFar: (year: number) => `${year} so far`,
    otherYears: "Other years",
    activeDays: "Active days",
    ofDays: (share: string) => `${share} of all days`,
    change: (
      percent: string,
      { isMore, year }: { isMore: boolean; year: number },
    ) => `${percent} ${isMore ? "more" : "less"} than in ${year}`,
    highlights: "Highlights",
    topDays: "Biggest days",
    streak: "Longest streak",
    longest: (sport: string) => `Longest: ${sport}`,
    share: "Share picture",
    save: "Save picture",
    pictureFailed: "This browser cannot make the picture.",
    print: "Print",
  },
  records: {
    window: "Period",
    windows: {
      all: "All time",
      year: "This year",
      "4w": "Last 4 weeks",
      "12w": "Last 12 weeks",
      "26w": "Last 26 weeks",
      "52w": "Last 52 weeks",
    },
    biggestBy: "Biggest days, weeks, months, years by",
    longest: "Longest distance",
    longestTime: "Longest moving time",
    mostClimbing: "Most climbing",
    fastest: (distance: string) => `Fastest over at least ${distance}`,
    biggest: {
      day: "Biggest day",
      week: "Biggest week",
      month: "Biggest month",
      year: "Biggest year",
    },
  },
  distribution: {
    weekdays: "Weekdays",
    weekday: "Weekday",
    hours: "Time of the start",
    hour: "Time",
    unknownHour: (count: number, text: string) =>
      count === 1
        ? "The start of 1 more activity is hidden at Strava."
        : `The start of ${text} more activities is hidden at Strava.`,
    sports: "Sports",
    bands: (sport: string) => `Distances: ${sport}`,
    from: (unit: string) => `from … ${unit}`,
  },
  compare: {
    periods: "Periods",
    presets: {
      year_to_date: "This year so far, and last year",
      month_to_date: "This month so far, and last month",
      week_to_date: "This week so far, and last week",
      year: "This year, and all of last year",
      month: "This month, and all of last month",
      week: "This week, and all of last week",
      "30d": "30 days, and the 30 before",
      "90d": "90 days, and the 90 before",
      "365d": "365 days, and the 365 before",
    },
    own: "Any days",
    from: "From",
    to: "To",
    baseFrom: "Compared with, from",
    baseTo: "Compared with, to",
    current: "Period",
    base: "Compared with",
    difference: "Difference",
    percent: "Per cent",
    sum: "Sum",
    against: (days: string) => `(${days}) compared with`,
  },
  eddington: {
    unit: "Unit",
    by: "Days or weeks",
    days: "Days",
    weeks: "Weeks",
    meaning: {
      day: (value: number, unit: string) =>
        `On ${value} days you covered at least ${value} ${unit}.`,
      week: (value: number, unit: string) =>
        `In ${value} weeks you covered at least ${value} ${unit}.`,
    },
    next: {
      day: (value: number, unit: string, missing: number) =>
        missing === 1
          ? `One more day of at least ${value} ${unit} makes it ${value}.`
          : `${missing} more days of at least ${value} ${unit} make it ${value}.`,
      week: (value: number, unit: string, missing: number) =>
        missing === 1
          ? `One more week of at least ${value} ${unit} makes it ${value}.`
          : `${missing} more weeks of at least ${value} ${unit} make it ${value}.`,
    },
    toNext: (value: number) => `Progress to ${value}`,
    history: "Over the years",
    reached: (value: number, day: string) => `${value} was reached on ${day}.`,
    sports: "By sport",
    nextNumber: "Next",
    missing: "Missing",
    nextDays: {
      day: (value: number, unit: string) => `Days of at least ${value} ${unit}`,
      week: (value: number, unit: string) =>
        `Weeks of at least ${value} ${unit}`,
    },
  },
  streaks: {
    day: "Days in a row",
    week: "Weeks in a row",
    month: "Months in a row",
    current: "Now",
    longest: "Longest",
    ended: "The last one has ended.",
  },
  milestones: {
    next: (value: string) => `Progress to ${value}`,
    toGo: (remaining: string, value: string) =>
      `${remaining} to go to ${value}`,
  },
};
