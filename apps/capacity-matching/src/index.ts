export { capacityMatching } from './capacity-matching.module';
