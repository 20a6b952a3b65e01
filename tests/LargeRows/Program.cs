using CdcFlow.Hosting;
using LargeRows;

// LargeRows null|files|postgres run …: the pipeline of that sink, as a program of its own, so that its memory can be measured. Prints the most that it held.
var arguments = args[1..];
var exit = args[0] switch
{
    "null" => await CdcFlowApp.RunAsync<ToNowhere>(arguments),
    "files" => await CdcFlowApp.RunAsync<ToFiles>(arguments),
    "postgres" => await CdcFlowApp.RunAsync<ToPostgres>(arguments),
    var other => throw new ArgumentException($"There is no sink '{other}'.", nameof(args)),
};
Console.WriteLine($"peak {ProcessMemory.PeakMegabytes}");
return exit;
