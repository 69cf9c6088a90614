import type { WorkloadType } from '@gpubroker/contracts/math';
import { dataDemand } from './data-demand';
import type { Demand } from './demand';
import { imageDemand } from './image-demand';
import { llmDemand } from './llm-demand';
import { trainingDemand } from './training-demand';
import { videoDemand } from './video-demand';
import type { WorkloadRequest } from './workload-request';

const DEMANDS: Readonly<Record<WorkloadType, (request: WorkloadRequest) => Demand>> = {
  image_generation: imageDemand,
  llm_inference: llmDemand,
  training: trainingDemand,
  fine_tuning: trainingDemand,
  video_processing: videoDemand,
  data_processing: dataDemand,
};

export const demandOf = (request: WorkloadRequest): Demand => DEMANDS[request.type](request);
