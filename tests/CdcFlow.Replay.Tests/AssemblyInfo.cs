using CdcFlow.Replay.Tests;

[assembly: AssemblyFixture(typeof(ReplayServer))]
[assembly: CollectionBehavior(MaxParallelThreads = 4)] // cases mostly wait for their server
