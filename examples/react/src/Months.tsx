import { formatDistance, type MonthTotal, sortedMonths } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { Failure, Loading } from "./State";

export function Months() {
  const monthly = useQuery(useApi().stats.monthly.queryOptions());
  if (monthly.isPending) return <Loading />;
  if (monthly.isError) {
    return <Failure error={monthly.error} retry={monthly.refetch} />;
  }
  const months = sortedMonths(monthly.data.data, { order: "asc" });
  const longest = Math.max(1, ...months.map(({ distance }) => distance));
  return (
    <ol className="months">
      {months.map((month) => (
        <Bar key={month.month} month={month} share={month.distance / longest} />
      ))}
    </ol>
  );
}

function Bar({ month, share }: { month: MonthTotal; share: number }) {
  const [year, number] = month.month.split("-").map(Number);
  const name = new Date(year!, number! - 1).toLocaleDateString(undefined, {
    month: "short",
  });
  const distance = formatDistance(month.distance, { digits: 0 });
  return (
    <li title={`${month.month}: ${distance} in ${month.count} activities`}>
      <span className="value">{distance}</span>
      <span className="bar" style={{ "--share": share } as CSSProperties} />
      <span className="month">{name}</span>
    </li>
  );
}
