import 'reflect-metadata';
import { ApiProblem, ApiQuestion } from '.';

class Operations {
  @ApiProblem('NOT_FOUND', 'UNAUTHENTICATED', 'TOKEN_EXPIRED')
  find(): string {
    return '';
  }

  @ApiQuestion('CONFLICT')
  ask(): string {
    return '';
  }
}

const metadataOf = (key: string, operation: 'find' | 'ask') =>
  Reflect.getMetadata(key, Operations.prototype[operation]) as Record<string, { description: string }>;
const answersOf = (operation: 'find' | 'ask') => metadataOf('swagger/apiResponse', operation);

describe('ApiProblem', () => {
  it('describes codes that share a status together', () => {
    expect(Object.keys(answersOf('find'))).toEqual(['401', '404']);
    expect(answersOf('find')['401']?.description).toMatch(/^UNAUTHENTICATED: .+ TOKEN_EXPIRED: /);
  });
});

describe('ApiQuestion', () => {
  it('wants a token and names what can be wrong with it, with the body, and further', () => {
    expect(metadataOf('swagger/apiSecurity', 'ask')).toEqual([{ bearer: [] }]);
    expect(Object.keys(answersOf('ask'))).toEqual(['400', '401', '409', '413', '415', '422', '503']);
  });
});
