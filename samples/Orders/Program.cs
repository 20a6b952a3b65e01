using CdcFlow.Hosting;
using Orders;

return await CdcFlowApp.RunAsync<OrdersPipeline>(args);
