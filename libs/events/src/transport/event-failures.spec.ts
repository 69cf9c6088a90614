import { DependencyUnavailableError, failureKind, PermanentEventError } from './event-failures';

describe('failureKind', () => {
  it.each<[string, unknown, string]>([
    ['a refused event', new PermanentEventError('no'), 'permanent'],
    ['a missing dependency', new DependencyUnavailableError('vault'), 'unavailable'],
    ['a database that shuts down', Object.assign(new Error('terminating'), { code: '57P01' }), 'unavailable'],
    ['a database that is not there', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'unavailable'],
    ['a broken constraint', Object.assign(new Error('duplicate'), { code: '23505' }), 'transient'],
    ['a bug', new TypeError('undefined'), 'transient'],
    ['something thrown that is no error', 'text', 'transient'],
  ])('takes %s as it is', (_what, error, kind) => {
    expect(failureKind(error)).toBe(kind);
  });
});
