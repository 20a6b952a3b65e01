using CdcFlow.Hosting.Commands;
using CdcFlow.Tool;

return await ToolProgram.RunAsync(args, Terminal.System(), CancellationToken.None);
