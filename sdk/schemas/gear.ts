import * as z from "zod";
import { athleteInput } from "./athlete.ts";

const GearId = z.string().regex(/^\w{1,32}$/, "must be an id such as g3423618")
  .meta({ description: "Id of the gear", example: "g3423618" });

/** Lists show names on one line. */
const Name = z.string().trim().min(1).max(200).refine(
  (name) => !/\p{Cc}/u.test(name),
  "must be one line without control characters",
);

const GearKind = z.enum(["bike", "shoes"]);

/** A field of gear that an owner can set. */
const GearField = z.enum(["name", "brand", "model", "retired"]);

/** Shoes or a bike. */
export const Gear = z.object({
  id: GearId,
  kind: GearKind.nullable().meta({
    description: "Null if a bulk export names it only with an activity",
    example: "shoes",
  }),
  name: z.string().nullable().meta({
    description: "Name. Null if unknown, or if it has only brand and model",
    example: "Nimbus 22 Speedy",
  }),
  brand: z.string().nullable().meta({
    description: "Brand. Null if unknown",
    example: "Nimbus",
  }),
  model: z.string().nullable().meta({
    description: "Model. Null if unknown",
    example: "22",
  }),
  nickname: z.string().nullable().meta({
    description: "Nickname at Strava. Null if it has none",
    example: "Speedy",
  }),
  retired: z.boolean().nullable().meta({
    description: "Whether it is retired. Null if unknown",
    example: false,
  }),
  edited: z.array(GearField).meta({
    description: "The fields that the owner has set",
    example: ["retired"],
  }),
}).meta({ id: "Gear", description: "Shoes or a bike" });

/** All gear of an athlete. */
export const GearList = z.object({ data: z.array(Gear) }).meta({
  id: "GearList",
  description: "Shoes and bikes of the athlete",
});

/** Gear that the owner adds. */
export const CreateGearInput = z.strictObject({
  kind: GearKind.meta({ description: "Kind", example: "shoes" }),
  name: Name.meta({ description: "Name", example: "Speedy" }),
  brand: Name.optional().meta({ description: "Brand", example: "Nimbus" }),
  model: Name.optional().meta({ description: "Model", example: "22" }),
  ...athleteInput,
});

/** Values of gear that the owner sets. */
export const UpdateGearInput = z.strictObject({
  id: GearId,
  set: z.strictObject({
    name: Name,
    brand: Name,
    model: Name,
    retired: z.boolean(),
  }).partial().optional().meta({
    description: "New values. They win over Strava's",
    example: { retired: true },
  }),
  reset: z.array(GearField).max(GearField.options.length).optional().meta({
    description: "Fields that get the value of their source again",
    example: ["name"],
  }),
  ...athleteInput,
}).superRefine(({ set = {}, reset = [] }, ctx) => {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  if (given.length + reset.length === 0) {
    ctx.addIssue("Give at least one field to set or to reset");
  }
  const both = given.find(([field]) =>
    (reset as readonly string[]).includes(field)
  );
  if (both) ctx.addIssue(`Either set or reset ${both[0]}`);
});
