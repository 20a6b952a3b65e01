using CdcFlow.Generators.Tests.Pipelines;

namespace CdcFlow.Generators.Tests.Running;

public sealed class FailureTests
{
    [Fact]
    public void Throwing_method_is_reported_with_stage_and_exact_offset_and_without_its_message()
    {
        var changes = Enumerable.Range(1, 20).Select(id =>
            Change<Order>.Insert(new Order(id, 7, 1m, OrderStatus.Paid), new ChangeMetadata(StageRun.Meta.Origin, id, 0)));

        var error = Assert.Throws<CdcFlowException>(() => StageRun.Of<ThrowingPipeline, Order, Order>("CarelessStage", [.. changes]));

        Assert.Equal(ErrorCodes.TransformFailed, error.Code);
        Assert.Contains("'Careless'", error.Message, StringComparison.Ordinal);
        Assert.Contains("7/13/0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }
}
