using CdcFlow.Checkpointing;

namespace CdcFlow.Hosting.Tests.WaysOut;

/// <summary>A program that has changed is refused, by <c>validate</c> too, until its user says what is to become of earlier rows.</summary>
public sealed class DefinitionTests : WayOutTest
{
    [Fact]
    [Trait("WayOut", "CDCF3040")]
    public async Task Changed_program_is_accepted_once_or_always()
    {
        var database = Database("redefined-db");
        await GoesOnAsync<BeforeRedefinitionPipeline>();
        Insert(database, 2);

        var said = await FailsTwiceAsync<RedefinedPipeline>(CheckpointErrorCodes.DefinitionChanged, ExitCode.Invalid);
        Assert.Contains("filter IsFirst has changed. What was written before is out of date in sink redefined-out.", said, StringComparison.Ordinal);
        Assert.Contains("To go on as they are, this once: `run --accept`; at every change: CdcFlow:redefined:Definition:OnChange = Warn.", said, StringComparison.Ordinal);
        var validated = await ValidateAsync();
        Assert.Equal(ExitCode.Invalid, validated.Code);
        Assert.Contains("✗ definition: The pipeline has changed since checkpoint", validated.All, StringComparison.Ordinal);
        Assert.Contains("! definition:", (await ValidateAsync("--set", "CdcFlow:redefined:Definition:OnChange=Warn")).All, StringComparison.Ordinal);

        await GoesOnAsync<RedefinedPipeline>("--accept");
        Insert(database, 3);
        await GoesOnAsync<RedefinedPipeline>();
        Assert.Contains("✓ definition:", (await ValidateAsync()).All, StringComparison.Ordinal);
        AssertSame(database, "redefined-out");

        await FailsTwiceAsync<BeforeRedefinitionPipeline>(CheckpointErrorCodes.DefinitionChanged, ExitCode.Invalid);
        await GoesOnAsync<BeforeRedefinitionPipeline>("--set", "CdcFlow:redefined:Definition:OnChange=Warn");
    }

    private Task<ProgramRun> ValidateAsync(params string[] settings) =>
        ProgramRun.OfAsync<RedefinedPipeline>(["validate", "--set", $"CdcFlow:redefined:Checkpoint:Store={Store}", .. settings]);
}
