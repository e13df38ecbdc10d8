import { runService } from '@alliance/service-host';
import { fund } from './fund.module';

void runService(fund);
