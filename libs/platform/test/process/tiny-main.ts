import { runService } from '@gpubroker/platform/service';
import { tinyService, type TinyScript } from '../tiny-service';

/** A process of its own for the specs: what goes wrong in it is chosen by TINY_SCENE. */
const SCENES: Readonly<Record<string, () => TinyScript>> = {
  ordinary: () => ({}),
  slow: () => ({ wait: new Promise((resolve) => setTimeout(resolve, 700)) }),
  'floating promise': () => {
    setTimeout(() => void Promise.reject(new Error('nobody waits; password=canaryFloating')), 150);
    return {};
  },
  'uncaught error': () => {
    setTimeout(() => {
      throw new Error('nobody catches');
    }, 150);
    return {};
  },
};

const scene = SCENES[process.env.TINY_SCENE ?? 'ordinary'];
if (!scene) throw new Error('no such scene');
void runService(tinyService(scene()));
