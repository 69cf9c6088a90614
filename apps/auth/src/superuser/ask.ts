import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Questions to whoever sits at the terminal; answers may also come through a pipe, a line each. */
export interface Questions {
  /** @returns the line, or null when there are no more */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string | null>;
  close(): void;
}

export function questions(input: NodeJS.ReadStream, output: NodeJS.WritableStream): Questions {
  let hidden = false;
  const echo = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input, output: echo, terminal: input.isTTY });
  const lines = reader[Symbol.asyncIterator]();
  return {
    ask: async (question, options) => {
      output.write(question);
      hidden = options?.hidden === true;
      const answer = await lines.next();
      if (hidden) output.write('\n');
      hidden = false;
      return answer.done === true ? null : answer.value;
    },
    close: () => {
      reader.close();
    },
  };
}
