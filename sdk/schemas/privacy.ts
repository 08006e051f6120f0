import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Instant } from "./parts.ts";

/** Zones that an athlete may have. */
export const MAX_PRIVACY_ZONES = 20;
/** Metres that may be hidden at an end of each track. */
export const MAX_HIDDEN_END = 1600;

/** The fields of a zone that the owner sets. */
const fields = {
  name: z.string().trim().min(1).max(100).refine(
    (name) => !/\p{Cc}/u.test(name),
    "must be one line without control characters",
  ).meta({ description: "Name, which only the owner sees", example: "Home" }),
  latitude: z.number().min(-85).max(85).meta({
    description: "Latitude of the centre in degrees",
    example: 52.5163,
  }),
  longitude: z.number().min(-180).max(180).meta({
    description: "Longitude of the centre in degrees",
    example: 13.3777,
  }),
  radius: Amount.min(100).max(2000).meta({
    description: "Metres",
    example: 300,
  }),
};

const ZoneId = Amount.positive().meta({ description: "Zone id", example: 3 });

const HiddenEnd = Amount.min(0).max(MAX_HIDDEN_END);

const settings = {
  show_maps: z.boolean().meta({
    description:
      "Whether those who may see an activity see its map, without what is hidden. By default only " +
      "callers who see private activities do",
    example: true,
  }),
  hidden_start: HiddenEnd.meta({
    description: "Metres that are hidden at the start of each track",
    example: 200,
  }),
  hidden_end: HiddenEnd.meta({
    description: "Metres that are hidden at the end of each track",
    example: 200,
  }),
};

/** A place whose surroundings are hidden. */
export const PrivacyZone = z.object({
  id: ZoneId,
  ...fields,
  created_at: Instant.meta({ description: "When the zone was created" }),
}).meta({
  id: "PrivacyZone",
  description: "A place whose surroundings are hidden on maps",
});

/** The privacy zones and settings of an athlete's maps. */
export const Privacy = z.object({
  ...settings,
  zones: z.array(PrivacyZone).meta({
    description: "The zones, the first created first",
  }),
}).meta({
  id: "Privacy",
  description:
    "The zones and settings that decide about the maps that others see",
});

/** The athlete whose settings are read. */
export const PrivacyInput = z.strictObject(athleteInput).default({});

/** New settings. */
export const UpdatePrivacyInput = z.strictObject({
  ...z.object(settings).partial().shape,
  ...athleteInput,
});

/** A new zone. */
export const CreatePrivacyZoneInput = z.strictObject({
  ...fields,
  ...athleteInput,
});

/** New values of a zone. */
export const UpdatePrivacyZoneInput = z.strictObject({
  id: ZoneId,
  ...z.object(fields).partial().shape,
  ...athleteInput,
});

/** The zone to delete. */
export const DeletePrivacyZoneInput = z.strictObject({
  id: ZoneId,
  ...athleteInput,
});
