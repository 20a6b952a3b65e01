using CdcFlow.Generators.Building;
using CdcFlow.Generators.Declarations;
using CdcFlow.Generators.Diagnostics;
using CdcFlow.Generators.Emission;
using CdcFlow.Generators.Locking;
using CdcFlow.Generators.Model;
using CdcFlow.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CdcFlow.Generators;

/// <summary>Writes the other half of every <c>[CdcPipeline]</c> class: symbols → <see cref="PipelineModel"/> → text.</summary>
/// <remarks>Silent when the class is wrong: analyzers say why, live in the editor, and a skeleton lets the command line come to them.
/// It reports its own failure, and what is wrong with a class whose second half cannot even be begun: there the compiler stops before it asks an analyzer.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class PipelineGenerator : IIncrementalGenerator
{
    private readonly Func<PipelineModel, string> emitter;

    /// <summary>Makes the generator.</summary>
    public PipelineGenerator()
        : this(PipelineEmitter.Emit)
    {
    }

    /// <summary>Makes it with another emitter, so that a test can see what becomes of a failure.</summary>
    internal PipelineGenerator(Func<PipelineModel, string> emitter) => this.emitter = emitter;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var pipelines = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.CdcPipeline, (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax, Parse)
            .WithTrackingName(StepNames.Pipelines);
        var classes = pipelines.Select((parsed, _) => parsed.Home?.Type.Full ?? "").Collect().Select((names, _) => names.ToEquatableArray());
        var files = context.AdditionalTextsProvider.Where(LockFile.Is).Select(LockFile.Read).WithTrackingName(StepNames.LockFiles).Collect();
        var locked = pipelines.Combine(files).Select((pair, _) => pair.Left.With(pair.Right)).WithTrackingName(StepNames.LockedPipelines);
        context.RegisterSourceOutput(locked.Combine(classes), (output, pair) => Emit(output, pair.Left, pair.Right));
    }

    private static Parsed Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        try
        {
            var declaration = PipelineReader.Read((INamedTypeSymbol)context.TargetSymbol, context.Attributes[0], context.SemanticModel.Compilation);
            cancellationToken.ThrowIfCancellationRequested();
            return PipelineRules.Accept(declaration) ? new Parsed { Model = ModelBuilder.Build(declaration) }
                : ClassModelBuilder.Skeleton(declaration) is { } skeleton ? new Parsed { Skeleton = skeleton }
                : new Parsed { Problems = Problems.Of(declaration) };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new Parsed { Failure = failure.ToString() };
        }
    }

    private void Emit(SourceProductionContext context, Parsed parsed, EquatableArray<string> classes)
    {
        try
        {
            if (parsed.Failure is { } failure)
            {
                Report(context, failure);
            }
            else if (parsed.Model is { } model)
            {
                context.AddSource(FileName.Of(model.Home, classes), emitter(model));
            }
            else if (parsed.Skeleton is { } skeleton)
            {
                context.AddSource(FileName.Of(skeleton.Home, classes), SkeletonEmitter.Emit(skeleton));
            }

            foreach (var problem in parsed.Problems)
            {
                context.ReportDiagnostic(Problems.ToDiagnostic(problem));
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Report(context, failure.ToString());
        }
    }

    private static void Report(SourceProductionContext context, string failure) =>
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.GeneratorFailed, Location.None, failure.Replace("\r", "").Replace('\n', ' ')));

    /// <summary>What a class was read as: a model; a skeleton because it is wrong; what is wrong, where nothing can be written; or the generator's own failure.</summary>
    private sealed record Parsed
    {
        public PipelineModel? Model { get; init; }

        public SkeletonModel? Skeleton { get; init; }

        public EquatableArray<Problem> Problems { get; init; }

        public string? Failure { get; init; }

        public ClassModel? Home => Model?.Home ?? Skeleton?.Home;

        /// <summary>With what schema locks have of its tables.</summary>
        public Parsed With(IReadOnlyList<LockFile> files) => Model is null ? this : this with { Model = LockedModel.Of(Model, files) };
    }
}
