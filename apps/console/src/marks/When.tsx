import { type Instant, showTime, showUtc } from '../format/time.ts';

/** A moment in the site's zone; the exact UTC on hover and for machines. */
export function When({ at }: { at: Instant }) {
  const utc = showUtc(at);
  return (
    <time dateTime={utc} title={`${utc} (UTC)`}>
      {showTime(at)}
    </time>
  );
}
