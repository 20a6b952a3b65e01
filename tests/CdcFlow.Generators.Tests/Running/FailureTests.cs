using CdcFlow.Generators.Tests.Pipelines;

namespace CdcFlow.Generators.Tests.Running;

/// <summary>A user's method that throws is reported by node and exact change, and never with the message that it threw: that may quote the row.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Node_alone_in_its_stage_is_named_with_the_exact_change()
    {
        var changes = Enumerable.Range(1, 20).Select(id => Change<Order>.Insert(new Order(id, 7, 1m, OrderStatus.Paid), At(id)));

        var error = Assert.Throws<CdcFlowException>(() => StageRun.Of<ThrowingPipeline, Order, Order>("CarelessStage", [.. changes]));

        AssertNames("Careless", error);
    }

    [Theory]
    [InlineData("", "NotEmpty")]
    [InlineData("apple,stone", "Unpack")]
    [InlineData("apple,glass,stone", "Unpack")]
    [InlineData("apple,glass", "Label")]
    public void Node_of_a_chain_is_named_with_the_exact_change(string items, string node)
    {
        var changes = Enumerable.Range(1, 20).Select(id => Change<Basket>.Insert(new Basket(id, id == 13 ? items : "apple,bread"), At(id)));

        var error = Assert.Throws<CdcFlowException>(() => StageRun.Of<ThrowingPipeline, Basket, Item>("NotEmptyStage", [.. changes]));

        AssertNames(node, error);
    }

    private static void AssertNames(string node, CdcFlowException error)
    {
        Assert.Equal(ErrorCodes.TransformFailed, error.Code);
        Assert.Equal($"Node '{node}' threw FormatException on the change of public.orders at 7/13/0.", error.Happened);
        Assert.NotNull(error.Fix);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }

    private static ChangeMetadata At(int index) => new(StageRun.Meta.Origin, index, 0);
}
