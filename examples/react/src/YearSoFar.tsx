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
  const { data: { run, ride }, fetched_at } = ytd.data;
  return (
    <>
      <div className="cards">
        <Card title="Runs" total={run} />
        <Card title="Rides" total={ride} />
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
  return (
    <section>
      <h3>{title}</h3>
      <strong>{formatDistance(total.distance, { digits: 0 })}</strong>
      <span>
        {total.count} times · {formatDuration(total.moving_time, {
          style: "units",
        })} · {formatElevation(total.elevation_gain)} up
      </span>
    </section>
  );
}
