using CdcFlow.Hosting;
using Microsoft.Extensions.Hosting;

// One program for all cases, so that it is built once: PROGRAM says which pipeline it is this time.
switch (Environment.GetEnvironmentVariable("PROGRAM"))
{
    case "later": return await CdcFlowApp.RunAsync<Shop.Later.OrdersPipeline>(args);
    case "renamed": return await CdcFlowApp.RunAsync<Shop.RenamedPipeline>(args);
    case "altered": return await CdcFlowApp.RunAsync<Shop.Altered.OrdersPipeline>(args);
    case "twice": return await CdcFlowApp.RunAsync<Shop.Twice.OrdersPipeline>(args);
    case "moved": return await CdcFlowApp.RunAsync<Shop.Moved.OrdersPipeline>(args);
    case "readings": return await CdcFlowApp.RunAsync<Shop.ReadingsPipeline>(args);
    case "entities": return await CdcFlowApp.RunAsync<Shop.EntitiesPipeline>(args);
    case "host":
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddCdcPipeline<Shop.ReadingsPipeline>();
        builder.AddCdcPipeline<Shop.OrdersPipeline>();
        await builder.Build().RunAsync();
        return Environment.ExitCode;
    default: return await CdcFlowApp.RunAsync<Shop.OrdersPipeline>(args);
}
