import { createProfile } from "../../strava_simulator/fixtures.ts";
import type { AthleteProfile, Gear } from "../../strava_simulator/types.ts";
import { createRandom, type Random } from "./random.ts";

/** The gear of a history: the newest bike of each kind, and shoes in order of purchase. */
export interface Wardrobe {
  road: Gear;
  oldRoad: Gear;
  gravel: Gear;
  mountain: Gear;
  shoes: [Gear, ...Gear[]];
  boots: Gear;
}

const SHOES: readonly [string, string][] = [
  ["Brooks", "Ghost 11"],
  ["ASICS", "Gel-Nimbus 22"],
  ["Saucony", "Endorphin Speed"],
  ["Nike", "Pegasus 39"],
  ["HOKA", "Clifton 9"],
  ["Altra", "Lone Peak 8"],
];

/** Returns the bikes and shoes of a seed. History and profile both use it, so that gear ids match. */
export function createWardrobe(seed: number): Wardrobe {
  const random = createRandom(seed ^ 0x5eed);
  const bike = (
    brand: string,
    model: string,
    rest: Partial<Gear> & { frame_type: number },
  ): Gear =>
    createGear(random, "b", {
      brand_name: brand,
      model_name: model,
      weight: 8.9,
      ...rest,
    });
  const [first, ...later] = SHOES.map(([brand_name, model_name], index) =>
    createGear(random, "g", {
      brand_name,
      model_name,
      primary: index === SHOES.length - 1,
      retired: index < SHOES.length - 2,
      notification_distance: 800,
    })
  );
  if (!first) throw new Error("A wardrobe needs shoes");
  return {
    oldRoad: bike("Peugeot", "PX 10", {
      frame_type: 3,
      nickname: "Grandpa",
      retired: true,
    }),
    road: bike("Canyon", "Ultimate", { frame_type: 3, primary: true }),
    gravel: bike("Surly", "Midnight Special", {
      frame_type: 5,
      nickname: "Mule",
    }),
    mountain: bike("Cube", "Stereo", { frame_type: 1 }),
    shoes: [first, ...later],
    boots: createGear(random, "g", {
      brand_name: "Meindl",
      model_name: "Borneo",
    }),
  };
}

function createGear(
  random: Random,
  prefix: "b" | "g",
  gear: Partial<Gear>,
): Gear {
  const { brand_name = "", model_name = "", nickname = "" } = gear;
  const distance = random.whole(
    prefix === "b" ? 1_500_000 : 250_000,
    prefix === "b" ? 19e6 : 9e5,
  );
  return {
    id: `${prefix}${random.whole(1_000_000, 19_999_999)}`,
    primary: false,
    name: `${brand_name} ${model_name} ${nickname ?? ""}`.trim(),
    nickname,
    resource_state: 3,
    retired: false,
    distance,
    converted_distance: Math.round(distance / 100) / 10,
    brand_name,
    model_name,
    description: null,
    ...gear,
  };
}

const FIRST_NAMES: readonly [string, ...string[]] = [
  "Lena",
  "Jonas",
  "Elif",
  "Noah",
  "Mia",
  "Øystein",
];
const LAST_NAMES: readonly [string, ...string[]] = [
  "Vogel",
  "Brandt",
  "Yıldız",
  "O'Neil",
  "Nowak",
];

/** Returns a profile for the seed, with the gear that `generateHistory` uses for the same seed. */
export function generateAthlete(
  { seed, athleteId }: { seed: number; athleteId: number },
): AthleteProfile {
  const random = createRandom(seed ^ 0xa71e);
  const wardrobe = createWardrobe(seed);
  const firstname = random.pick(FIRST_NAMES);
  return createProfile({
    id: athleteId,
    username: `${firstname.toLowerCase()}_${athleteId}`,
    firstname,
    lastname: random.pick(LAST_NAMES),
    bio: "Runs to eat cake.",
    sex: random.pick(["M", "F", null]),
    premium: true,
    badge_type_id: 1,
    weight: Math.round(random.between(52, 84) * 10) / 10,
    follower_count: random.whole(40, 320),
    friend_count: random.whole(40, 280),
    ftp: random.whole(190, 290),
    bikes: [
      wardrobe.road,
      wardrobe.gravel,
      wardrobe.mountain,
      wardrobe.oldRoad,
    ],
    shoes: [...wardrobe.shoes, wardrobe.boots],
  });
}
