import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { cudoCloud } from './cudo.cloud';

interface MachineType {
  machineType: string;
  gpuModel: string;
  gpuPriceHr: { value: string };
  maxGpuFree: number;
  totalGpuFree: number;
  maxVcpuPerGpu: number | string;
}

const PROJECT = '/v1/projects/emulator-project';
const newCloud = () => cudoCloud({ seed: 1, speed: 1, now: Date.now });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) =>
  ask(cloud, path, { key: 'emulator-key', ...asked });
const types = (cloud: EmulatedCloud): MachineType[] =>
  (ask(cloud, '/v1/vms/machine-types').body as { machineTypes: MachineType[] }).machineTypes;
const type = (cloud: EmulatedCloud, name: string) => types(cloud).find(({ machineType }) => machineType === name)!;
const vm = (changes: object = {}) => ({
  vmId: 'run-1',
  dataCenterId: 'no-kristiansand-1',
  machineType: 'epyc-genoa-a100-pcie',
  gpus: 2,
  vcpus: 8,
  memoryGib: 32,
  bootDiskImageId: 'ubuntu-2204',
  bootDisk: { sizeGib: 100 },
  ...changes,
});

describeWithShared('CUDO machine types beside recorded ones', (shared) => {
  const recorded = (): (MachineType & Record<string, unknown>)[] => {
    const file = join(shared, 'data', 'upstreams', 'cudo', '1-machine-types-2026-08-22.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { machineTypes: (MachineType & Record<string, unknown>)[] })
      .machineTypes;
  };

  it('have the recorded members, prices and limits before anything moved', () => {
    const cloud = newCloud();
    for (const one of recorded()) {
      const emulated = type(cloud, one.machineType) as MachineType & Record<string, unknown>;
      expect(Object.keys(emulated).sort()).toEqual(Object.keys(one).sort());
      for (const name of Object.keys(one).filter((member) => !/Free$|^prices$/.test(member))) {
        const value = name === 'gpuPriceHr' ? { value: Number(emulated.gpuPriceHr.value) } : emulated[name];
        const expected = name === 'gpuPriceHr' ? { value: Number(one.gpuPriceHr.value) } : one[name];
        expect({ type: one.machineType, [name]: value }).toEqual({ type: one.machineType, [name]: expected });
      }
    }
  });
});

describe('CUDO machine types', () => {
  it('are public, with prices as decimal strings and a type without a GPU among them', () => {
    const cloud = newCloud();
    expect(type(cloud, 'sapphire-rapids-h100').gpuPriceHr).toEqual({ value: '1.790000' });
    expect(type(cloud, 'epyc-genoa')).toMatchObject({
      gpuModel: '',
      gpuPriceHr: { value: '0' },
      maxVcpuPerGpu: 'Infinity',
    });
  });

  it('have less free on one host than on all of them, and sometimes nothing', () => {
    const cloud = newCloud();
    const free = new Set<number>();
    let apart = false;
    for (let hour = 0; hour < 300; hour += 1) {
      const { maxGpuFree, totalGpuFree } = type(cloud, 'epyc-genoa-a100-pcie');
      apart ||= totalGpuFree > maxGpuFree;
      free.add(type(cloud, 'epyc-genoa-l40s-graphics').maxGpuFree);
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(apart).toBe(true);
    expect(free).toContain(0);
  });
});

describe('CUDO booking', () => {
  it('makes a machine of one host under the name it was given, and takes it back', () => {
    const cloud = newCloud();
    const before = type(cloud, 'epyc-genoa-a100-pcie').totalGpuFree;
    expect(send(cloud, `${PROJECT}/vm`, { body: vm() })).toMatchObject({
      status: 200,
      body: { id: 'run-1', vm: { priceHr: { value: '3.2135' } } },
    });
    expect(type(cloud, 'epyc-genoa-a100-pcie').totalGpuFree).toBe(before - 2);
    expect(send(cloud, `${PROJECT}/vm`, { body: vm() }).status).toBe(409);
    expect(send(cloud, '/v1/projects/emulator-other/vms/run-1/terminate', { method: 'POST' }).status).toBe(404);
    expect(send(cloud, `${PROJECT}/vms/run-1/terminate`, { method: 'POST' }).status).toBe(200);
    expect(send(cloud, `${PROJECT}/vms/run-1/terminate`, { method: 'POST' }).status).toBe(404);
    expect(type(cloud, 'epyc-genoa-a100-pcie').totalGpuFree).toBe(before);
  });

  it.each([
    ['more GPUs than one host has', { gpus: 9, vcpus: 36, memoryGib: 144 }, 400],
    ['a ratio that is not allowed', { machineType: 'sapphire-rapids-h100', gpus: 1, vcpus: 4, memoryGib: 16 }, 400],
    ['too many vCPUs', { gpus: 1, vcpus: 64, memoryGib: 64 }, 400],
    ['another place', { dataCenterId: 'nowhere' }, 404],
    ['no GPU', { gpus: 0 }, 400],
  ])('refuses %s', (_what, changes, status) => {
    expect(send(newCloud(), `${PROJECT}/vm`, { body: vm(changes) }).status).toBe(status);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    expect(send(newCloud(), `${PROJECT}/vm`, { body: vm(), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('insufficient capacity') as string,
    });
  });

  it.each([
    ['no key', PROJECT, '', 401],
    ['a real key', PROJECT, 'real', 401],
    ["somebody's project", '/v1/projects/mine', 'emulator-key', 403],
    ['a project of the emulator', PROJECT, 'emulator-key', 200],
  ])('answers %s', (_what, path, key, status) => {
    expect(ask(newCloud(), path, key === '' ? {} : { key }).status).toBe(status);
  });

  it('has nothing elsewhere', () => {
    expect(send(newCloud(), '/v1/images').status).toBe(404);
    expect(send(newCloud(), PROJECT, { method: 'DELETE' }).status).toBe(405);
  });
});
