import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { isUUID } from 'class-validator';

/** What cannot be an id names nothing: the same answer as an id that nobody has. */
@Injectable()
export class KnownIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isUUID(id)) throw new ApiError('NOT_FOUND', 'There is no such thing');
    return id;
  }
}
