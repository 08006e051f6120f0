/** Reads the columns of packed months. The migration 0007_packed_months describes how they are written. */

/** The bytes of a column, and the place of the next value. */
class PackedColumn {
  protected at = 0;
  protected readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(base64: string) {
    this.bytes = Uint8Array.fromBase64(base64);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Reads a double that follows in full. */
  protected readDouble(): number {
    const value = this.#view.getFloat64(this.at);
    this.at += 8;
    return value;
  }

  /** Reads an unsigned integer of up to 6 bytes. */
  protected readInteger(length: number): number {
    let value = 0;
    for (const end = this.at + length; this.at < end; this.at++) {
      value = value * 256 + this.bytes[this.at]!;
    }
    return value;
  }
}

/** The columns that hold numbers, and the units that make 1 in each. */
export const NUMBER_UNITS = {
  distances: 10,
  elevation_gains: 10,
  moving_times: 1,
  heart_rates: 10,
  efforts: 10,
} as const;

/** A column written by `pack_number`. */
export class NumberColumn extends PackedColumn {
  readonly #units: number;

  constructor(base64: string, units: number) {
    super(base64);
    this.#units = units;
  }

  /** Reads the next number; `null` if the activity has none. */
  next(): number | null {
    const { bytes, at } = this;
    const whole = bytes[at]! << 16 | bytes[at + 1]! << 8 | bytes[at + 2]!;
    this.at = at + 3;
    if (whole < 0xfffffe) return whole / this.#units;
    return whole === 0xfffffe ? null : this.readDouble();
  }
}

/** The column of the kinds' ids. */
export class KindColumn extends PackedColumn {
  next(): number {
    const kind = this.bytes[this.at++]!;
    return kind < 255 ? kind : this.readInteger(4);
  }
}

/** The column of the activities' ids. */
export class IdColumn extends PackedColumn {
  next(): number {
    const id = this.readInteger(5);
    if (id < 0xffffffffff) return id;
    const high = this.readInteger(4);
    return high * 2 ** 32 + this.readInteger(4);
  }
}

/** The column of the starts' times of day. */
export class TimeColumn extends PackedColumn {
  /** Reads the next time in seconds. */
  next(): number {
    return this.readInteger(4) / 1000;
  }
}

/** A local month: the number of days from 1970-01-01 to its first day, and its number of activities. */
interface Month {
  firstDay: number;
  count: number;
}

/** The column of the months: for each its first day and the number of its activities. */
export class MonthColumn extends PackedColumn {
  *read(): Generator<Month> {
    while (this.at < this.bytes.length) {
      // Days before 1970 are negative.
      const firstDay = this.readInteger(4) | 0;
      yield { firstDay, count: this.readInteger(4) };
    }
  }
}

/** The column of the days of the month. */
export class DayColumn extends PackedColumn {
  next(): number {
    return this.bytes[this.at++]!;
  }
}
