import { UpstreamStatusError } from '@gpubroker/provider-adapter/upstream';

/** For a call that needs a key: does the cloud take it? Any other failure is passed on: then nobody knows. */
export async function acceptsKey(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof UpstreamStatusError && error.reason === 'unauthorized') return false;
    throw error;
  }
}

/** For a call that ends a machine: one that is gone already is what was wanted. */
export async function goneOrDone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof UpstreamStatusError && (error.status === 404 || error.status === 410)) return;
    throw error;
  }
}
