import { formatDistance, formatDuration, formatSport } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Failure, Loading } from "./State";

export function RecentActivities() {
  const list = useInfiniteQuery(
    useApi().activities.list.infiniteQueryOptions({ limit: 10 }),
  );
  if (list.isPending) return <Loading />;
  if (list.isError) return <Failure error={list.error} retry={list.refetch} />;
  const activities = list.data.pages.flatMap((page) => page.data);
  if (activities.length === 0) return <p>Nothing yet. Go out and move!</p>;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">Name</th>
            <th scope="col">Sport</th>
            <th scope="col">Distance</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {activities.map((activity) => (
            <tr key={activity.id}>
              <td>{activity.start_date.toLocaleDateString()}</td>
              <td>
                <span className="name" title={activity.name}>
                  {activity.name}
                </span>
              </td>
              <td>{formatSport(activity.sport_type)}</td>
              <td>
                {/* Weights and yoga have no distance. */}
                {activity.distance > 0 && formatDistance(activity.distance)}
              </td>
              <td>{formatDuration(activity.moving_time)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <button
          type="button"
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          More
        </button>
      )}
    </>
  );
}
