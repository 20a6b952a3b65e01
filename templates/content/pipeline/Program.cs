using CdcFlow.Hosting;
using MyPipeline;

// Verbs: run, validate, graph, checkpoints; --help tells more. Services for the pipeline's constructor are added by the second argument.
return await CdcFlowApp.RunAsync<OrdersPipeline>(args);
