import {
  formatDistance,
  formatDuration,
  formatElevation,
  type Total,
} from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { Failure, Loading } from "./State";

export function YearSoFar() {
  const ytd = useQuery(useApi().stats.ytd.queryOptions());
  if (ytd.isPending) return <Loading />;
  if (ytd.isError) return <Failure error={ytd.error} retry={ytd.refetch} />;
  const { data: { run, ride, swim, other }, fetched_at } = ytd.data;
  return (
    <>
      <div className="cards">
        <Card title="Runs" total={run} />
        <Card title="Rides" total={ride} />
        {swim.count > 0 && <Card title="Swims" total={swim} />}
        {other.count > 0 && <Card title="Other sports" total={other} />}
      </div>
      <p className="note">
        As of <time dateTime={fetched_at.toISOString()}>
          {fetched_at.toLocaleString()}
        </time>
      </p>
    </>
  );
}

function Card({ title, total }: { title: string; total: Total }) {
  const { count, distance, elevation_gain } = total;
  const time = formatDuration(total.moving_time, { style: "units" });
  return (
    <section>
      <h3>{title}</h3>
      <strong>
        {distance > 0 ? formatDistance(distance, { digits: 0 }) : time}
      </strong>
      <span>
        {count} times{distance > 0 && ` · ${time}`}
        {elevation_gain > 0 && ` · ${formatElevation(elevation_gain)} up`}
      </span>
    </section>
  );
}
