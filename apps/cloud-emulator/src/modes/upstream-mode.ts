/** How an emulated cloud behaves. `capacity`: reads as usual, bookings fail as HTTP 500 with a text about capacity. */
export const UPSTREAM_MODES = ['ok', 'slow', 'hang', '500', 'garbage', 'huge', 'bad_rows', 'capacity'] as const;
export type UpstreamMode = (typeof UPSTREAM_MODES)[number];
