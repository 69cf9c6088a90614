/**
 * Clouds report "nothing left" as 400, 404, 409, 410 or 500 and say so only in the text (research: API lessons, 1).
 * Without this a sold-out card would count as a broken cloud, open its circuit and hide all of its other offers.
 */
const CAPACITY_TEXT =
  /no (?:available |free )?(?:capacity|instances? (?:currently )?available|machines? (?:available|found)|resources? available|longer any instances)|insufficient[ _-]?(?:capacity|resources)|out of (?:stock|(?:host )?capacity)|(?:size|plan) is not available in (?:this|the selected) region|not enough (?:capacity|resources|gpus?)|capacity (?:exceeded|unavailable|is exhausted)|sold out|no_such_ask|unavailable for rent|could not find any pods?/i;

const CAPACITY_STATUSES = new Set([400, 404, 409, 410, 422, 500, 503]);

export function saysNoCapacity(status: number, body: string): boolean {
  return CAPACITY_STATUSES.has(status) && CAPACITY_TEXT.test(body);
}
