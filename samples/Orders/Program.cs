return await CdcFlow.Hosting.CdcFlowApp.RunAsync<Orders.OrdersPipeline>(args);
