using CdcFlow.Hosting;
using OrdersToKafka;

return await CdcFlowApp.RunAsync<OrdersToKafkaPipeline>(args);
