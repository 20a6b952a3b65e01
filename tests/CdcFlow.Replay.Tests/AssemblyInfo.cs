using CdcFlow.Replay.Tests;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(ReplayServer))]
[assembly: Parallelization(MaxThreads = 4)] // cases mostly wait for their server
