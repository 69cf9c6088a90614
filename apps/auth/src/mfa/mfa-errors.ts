import { ApiError } from '@gpubroker/platform/errors';

export const wrongCode = () => new ApiError('UNAUTHENTICATED', 'Wrong code');
