import {
  type ActivityDetail,
  type ActivityLaps,
  type ActivityStreams,
} from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { toPaceKind, useFormat } from "../../format/use_format.ts";
import { useSportName } from "../../format/use_sport_name.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Icon, toSportIcon } from "../../parts/icon.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { createCursor, type Cursor } from "./cursor.ts";
import { Downloads } from "./downloads.tsx";
import { Facts } from "./facts.tsx";
import { listNotes } from "./notes.ts";
import { OwnerActions } from "./owner_actions.tsx";
import { LapsCard, LengthsCard, SplitsCard } from "./parts_tables.tsx";
import { SourcesCard } from "./sources_card.tsx";
import { computeStreamAverages } from "./stream_averages.ts";
import { StreamCharts } from "./stream_charts.tsx";
import { type Position, toTrack } from "./track.ts";
import { TrackMap } from "./track_map.tsx";
import { useGearName } from "./use_gear_name.ts";

/** Most points of the charts: five and a half hours, second by second. */
const RESOLUTION = 20_000;

/** Everything about an activity. */
export function ActivityContent(
  { activity }: { activity: ActivityDetail },
): ReactNode {
  const api = useApi();
  const { activity: texts } = useTexts();
  const { id, sport_type: sport } = activity;
  const streams = useQuery(
    api.activities.streams.queryOptions({ id, resolution: RESOLUTION }),
  );
  const laps = useQuery(api.activities.laps.queryOptions({ id }));
  const [cursor] = useState(createCursor);
  const averages = useMemo(
    () =>
      computeStreamAverages(
        streams.data?.streams ?? {},
        laps.data?.laps ?? [],
        { isFoot: toPaceKind(sport) === "foot" },
      ),
    [streams.data, laps.data, sport],
  );
  return (
    <>
      <ActivityHead activity={activity} />
      <div className="stacked">
        <Card title={texts.facts}>
          <Facts activity={activity} averages={averages} />
        </Card>
        <MapCard
          activity={activity}
          streams={streams.data}
          cursor={cursor}
        />
        {streams.isError
          ? <Failure error={streams.error} retry={streams.refetch} />
          : streams.data
          ? (
            <Recording
              activity={activity}
              streams={streams.data}
              laps={laps.data}
              cursor={cursor}
            />
          )
          : <Skeleton height={480} />}
        {laps.isError && <Failure error={laps.error} retry={laps.refetch} />}
        {activity.sources && <SourcesCard id={id} sources={activity.sources} />}
      </div>
    </>
  );
}

function ActivityHead({ activity }: { activity: ActivityDetail }): ReactNode {
  const texts = useTexts();
  const format = useFormat();
  const toSportName = useSportName();
  const gear = useGearName(activity.gear_id);
  const notes = listNotes(activity, texts);
  const { edited } = activity;
  return (
    <>
      <PageTitle title={activity.name || texts.activities.unnamed}>
        <div className="actions page-actions">
          <Downloads activity={activity} />
          <OwnerActions activity={activity} />
        </div>
      </PageTitle>
      <p className="activity-when">
        <Icon name={toSportIcon(activity.sport_type)} />
        <span>
          {toSportName(activity.sport_type)}
          {" · "}
          <time dateTime={activity.start_date_local}>
            {format.day(activity.start_date_local, "long")},{" "}
            {format.timeOfDay(activity.start_date_local)}
          </time>
          {gear !== undefined && ` · ${texts.activity.gearOf(gear)}`}
        </span>
      </p>
      {notes.length > 0 && (
        <ul className="tags">
          {notes.map((note) => <li key={note}>{note}</li>)}
        </ul>
      )}
      {activity.description && (
        <p className="activity-description">{activity.description}</p>
      )}
      {edited && edited.length > 0 && (
        <p className="soft activity-edited">
          {texts.activity.edited(
            edited.map((field) => texts.activity.fields[field]).join(", "),
          )}
        </p>
      )}
    </>
  );
}

function MapCard(
  { activity, streams, cursor }: {
    activity: ActivityDetail;
    streams: ActivityStreams | undefined;
    cursor: Cursor;
  },
): ReactNode {
  const { activity: { map: texts } } = useTexts();
  const format = useFormat();
  const geojson = activity.map?.geojson;
  const track = useMemo(() => geojson && toTrack(geojson), [geojson]);
  const points = useMemo(
    () =>
      streams?.streams.latlng?.map((point): Position | null =>
        point && [point[1]!, point[0]!]
      ),
    [streams],
  );
  if (!track || track.length === 0) {
    if (activity.manual) return null;
    return (
      <p className="note">
        {texts.reasons[activity.map_reason ?? "no_track"]}
      </p>
    );
  }
  return (
    <section className="card track-card" aria-label={texts.title}>
      <TrackMap
        track={track}
        label={texts.label(format.distance(activity.distance))}
        points={points}
        cursor={cursor}
      />
      <p className="track-legend soft">
        <span className="track-key start">{texts.start}</span>
        <span className="track-key end">{texts.end}</span>
      </p>
    </section>
  );
}

function Recording(
  { activity, streams, laps, cursor }: {
    activity: ActivityDetail;
    streams: ActivityStreams;
    laps: ActivityLaps | undefined;
    cursor: Cursor;
  },
): ReactNode {
  const { activity: { charts: texts } } = useTexts();
  const format = useFormat();
  const { sport_type: sport } = activity;
  const { source } = streams;
  if (source === null || streams.returned_points < 2) {
    return (
      <Card title={texts.title}>
        <Empty
          title={texts.none}
          text={texts.noneText(activity.manual ? "manual" : "source")}
        />
      </Card>
    );
  }
  return (
    <>
      <Card title={texts.title}>
        <StreamCharts
          streams={streams.streams}
          sport={sport}
          cursor={cursor}
        />
        <p className="soft stream-source">
          {texts.source(
            source === "strava"
              ? texts.strava
              : texts.file(source.toUpperCase()),
            format.number(streams.points),
          )}
        </p>
      </Card>
      <div className="parts">
        <SplitsCard streams={streams.streams} sport={sport} />
        {laps && <LapsCard laps={laps.laps} sport={sport} />}
        {laps && <LengthsCard lengths={laps.lengths} />}
      </div>
    </>
  );
}
