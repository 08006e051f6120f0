import { createActivity, createProfile, toCoarseType } from "./fixtures.ts";
import type { AthleteProfile, SummaryActivity } from "./types.ts";

/** A change that Strava sends an event for. Other edits are silent. */
export interface ActivityChange {
  athleteId: number;
  activityId: number;
  aspect: "create" | "update" | "delete";
  updates: { title?: string; type?: string; private?: boolean };
  /** Whether the activity was Only You before the change. */
  wasPrivate: boolean;
}

/** An athlete of the simulator: a profile and activities that tests change as the athlete would. */
export interface SimulatedAthlete {
  readonly id: number;
  profile: AthleteProfile;
  /** Activities by id. Changing the map directly emits no event. */
  activities: Map<number, SummaryActivity>;
  /** Records an activity, missing fields filled in, and emits `create`. */
  add(activity: Partial<SummaryActivity>): SummaryActivity;
  /** Edits an activity; emits `update` only for a new title, type or privacy, as Strava does. */
  update(id: number, changes: Partial<SummaryActivity>): SummaryActivity;
  /** Deletes an activity and emits `delete`. */
  remove(id: number): void;
}

export function createAthlete(
  profile: Partial<AthleteProfile> & { id: number },
  activities: readonly SummaryActivity[],
  emit: (change: ActivityChange) => void,
): SimulatedAthlete {
  const { id } = profile;
  const own = activities.map((item) => ({
    ...item,
    athlete: { id, resource_state: 1 },
  }));
  const athlete: SimulatedAthlete = {
    id,
    profile: createProfile(profile),
    activities: new Map(own.map((activity) => [activity.id, activity])),
    add(activity) {
      const largest = [...athlete.activities.keys()].reduce(
        (a, b) => Math.max(a, b),
        1.8e10,
      );
      const added = createActivity({ id: largest + 1, ...activity }, id);
      athlete.activities.set(added.id, added);
      emit(toChange(added, "create"));
      return added;
    },
    update(activityId, changes) {
      const before = find(athlete, activityId);
      const after = { ...before, ...changes, ...toPrivacy(before, changes) };
      if (changes.sport_type && !changes.type) {
        after.type = toCoarseType(changes.sport_type);
      }
      athlete.activities.set(activityId, after);
      const updates = readUpdates(before, after);
      const wasPrivate = before.visibility === "only_me";
      if (Object.keys(updates).length > 0) {
        emit({ ...toChange(after, "update"), updates, wasPrivate });
      }
      return after;
    },
    remove(activityId) {
      const removed = find(athlete, activityId);
      athlete.activities.delete(activityId);
      emit(toChange(removed, "delete"));
    },
  };
  return athlete;
}

function find(athlete: SimulatedAthlete, id: number): SummaryActivity {
  const activity = athlete.activities.get(id);
  if (!activity) {
    throw new Error(`Athlete "${athlete.id}" has no activity "${id}"`);
  }
  return activity;
}

function toChange(
  activity: SummaryActivity,
  aspect: ActivityChange["aspect"],
): ActivityChange {
  return {
    athleteId: activity.athlete.id,
    activityId: activity.id,
    aspect,
    updates: {},
    wasPrivate: activity.visibility === "only_me",
  };
}

/** Keeps `visibility` and the older `private` consistent, whichever of them was changed. */
function toPrivacy(
  before: SummaryActivity,
  changes: Partial<SummaryActivity>,
): Pick<SummaryActivity, "visibility" | "private"> {
  const open = before.visibility === "only_me" ? "everyone" : before.visibility;
  const asked = changes.private === undefined ? before.visibility : open;
  const visibility = changes.visibility ??
    (changes.private ? "only_me" : asked);
  return { visibility, private: visibility === "only_me" };
}

function readUpdates(
  before: SummaryActivity,
  after: SummaryActivity,
): ActivityChange["updates"] {
  return {
    ...(before.name === after.name ? {} : { title: after.name }),
    ...(before.sport_type === after.sport_type ? {} : { type: after.type }),
    ...(before.private === after.private ? {} : { private: after.private }),
  };
}
