using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CdcFlow.Generators.Rules;

/// <summary>Methods that visibly give a row another key than the one by which its delete travels. What they call is not seen: the run compares each row.</summary>
internal static class AlteredKeyRules
{
    public static void Check(PipelineDeclaration pipeline, Report report)
    {
        foreach (var method in pipeline.Methods.Where(method => method.Shape is { TakesChange: false }))
        {
            if (method.Method.Syntax() is { } syntax && pipeline.Compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax) is { } body)
            {
                CheckTaken(method, body, pipeline, report);
                CheckMade(method, body, pipeline, report);
            }
        }
    }

    /// <summary>The row that a method takes is the one that others get.</summary>
    private static void CheckTaken(MethodDeclaration method, IOperation body, PipelineDeclaration pipeline, Report report)
    {
        var row = pipeline.Row(method.Shape!.In);
        foreach (var target in body.Descendants().Select(Target).OfType<IPropertyReferenceOperation>())
        {
            if (IsOf(target, method) && row.IsKey(target.Property))
            {
                report.Add(Descriptors.AlteredKey, target.Syntax.GetLocation(), method.Member.Name, $"sets {row.Type.Name}.{target.Property.Name} of the row that it takes", row.Type.Name);
            }
        }
    }

    private static void CheckMade(MethodDeclaration method, IOperation body, PipelineDeclaration pipeline, Report report)
    {
        if (method.Shape!.Result != ResultShape.Row || pipeline.NeedsOldRows(method) || DeleteKeys.Of(method, pipeline) is not { } keys)
        {
            return;
        }

        foreach (var (property, value) in body.Descendants().SelectMany(operation => Values(operation, method.Shape.Out)))
        {
            if (keys.FirstOrDefault(key => key.To == property) is { } key && IsOther(value, method, key.From))
            {
                report.Add(
                    Descriptors.AlteredKey, value.Syntax.GetLocation(), method.Member.Name,
                    $"gives {method.Shape.Out.Name}.{key.To} another value than {method.Shape.In.Name}.{key.From} has", method.Shape.In.Name);
            }
        }
    }

    /// <summary>What is written to the properties of a row that is made here.</summary>
    private static IEnumerable<(string Property, IOperation Value)> Values(IOperation made, ITypeSymbol row)
    {
        if (!made.Type.IsSame(row))
        {
            return [];
        }

        var (arguments, initializer) = made switch
        {
            IObjectCreationOperation creation => (creation.Arguments.Select(argument => Argument(argument, row)), creation.Initializer),
            IWithOperation copy => ([], copy.Initializer),
            _ => ([], null),
        };
        return arguments.Concat((initializer?.Initializers ?? []).OfType<ISimpleAssignmentOperation>()
            .Select(each => ((each.Target as IPropertyReferenceOperation)?.Property.Name ?? "", each.Value)));
    }

    private static (string Property, IOperation Value) Argument(IArgumentOperation argument, ITypeSymbol row) =>
        (RowProperty.Of(row).FirstOrDefault(property => argument.Parameter is { } parameter && RowProperty.Sets(parameter, property))?.Name ?? "", argument.Value);

    /// <summary>Whether a value is certainly computed, or another property's. Of variables and the like nothing is known.</summary>
    private static bool IsOther(IOperation value, MethodDeclaration method, string from) => value switch
    {
        { ConstantValue.HasValue: true } => true,
        IConversionOperation conversion => IsOther(conversion.Operand, method, from),
        IPropertyReferenceOperation property => IsOf(property, method) && property.Property.Name != from,
        IConditionalOperation { WhenFalse: { } otherwise } choice => IsOther(choice.WhenTrue, method, from) || IsOther(otherwise, method, from),
        IBinaryOperation or IUnaryOperation or IInterpolatedStringOperation => true,
        IInvocationOperation call => call.Descendants().Any(part => part is IParameterReferenceOperation { Parameter: var parameter } && parameter.IsSame(method.Method.Parameters[0])),
        _ => false,
    };

    private static bool IsOf(IPropertyReferenceOperation property, MethodDeclaration method) =>
        property.Instance is IParameterReferenceOperation { Parameter: var parameter } && parameter.IsSame(method.Method.Parameters[0]);

    private static IOperation? Target(IOperation operation) => operation switch
    {
        // What an object initializer sets is not the row.
        IAssignmentOperation assignment => assignment.Target,
        IIncrementOrDecrementOperation step => step.Target,
        _ => null,
    };
}
