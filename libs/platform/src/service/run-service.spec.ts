import { ConfigError } from '../config/config-error';
import { startFailure } from './run-service';

const withCode = (code: string) => Object.assign(new Error('the reason'), { code });

describe('startFailure', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'bad configuration',
      new ConfigError('x', [{ variable: 'PORT', message: 'bad' }]),
      /^x cannot start:\n {2}PORT: bad$/,
    ],
    ['a taken port', withCode('EADDRINUSE'), /port is in use \(the reason\)\. Stop what listens there/],
    ['a refused permission', withCode('EACCES'), /not allowed \(the reason\)/],
    ['a full disk', withCode('ENOSPC'), /the disk is full/],
    ['an unknown code', withCode('E_OTHER'), /^x cannot start: Error: the reason\n/],
    ['anything else', 'just a text', /^x cannot start: just a text$/],
  ])('says what to do about %s', (_case, error, expected) => {
    expect(startFailure('x', error)).toMatch(expected);
  });

  it('keeps the password of a connection string to itself', () => {
    expect(startFailure('x', new Error('cannot reach postgres://u:canary@h/d'))).not.toContain('canary');
  });
});
