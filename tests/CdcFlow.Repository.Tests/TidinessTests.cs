using System.Text.RegularExpressions;

namespace CdcFlow.Repository.Tests;

/// <summary>Small rules that keep the checkout readable and free of the machine it was written on.</summary>
public sealed partial class TidinessTests
{
    private const int LinesAtMost = 400;

    private static readonly string[] product = ["src", "generators", "samples", "eng"];

    /// <summary>Longer files and why: a table or one flat protocol switch reads better whole.</summary>
    private static readonly Dictionary<string, string> longFiles = [];

    private static readonly string[] texts = ["*.cs", "*.csproj", "*.props", "*.targets", "*.md", "*.json", "*.sh", "*.txt", "*.sql"];

    [Fact]
    public void No_product_file_is_too_long_to_read() =>
        Assert.Empty(Repository.Files("*.cs", product).Where(path => !longFiles.ContainsKey(path) && Repository.Read(path).Count(c => c == '\n') > LinesAtMost));

    [Fact]
    public void Exceptions_for_long_files_are_still_needed() =>
        Assert.Empty(longFiles.Keys.Where(path => !File.Exists(Path.Combine(Repository.Root, path)) || Repository.Read(path).Count(c => c == '\n') <= LinesAtMost));

    [Fact]
    public void No_text_names_a_folder_of_its_writers_machine() =>
        Assert.Empty(texts.SelectMany(pattern => Repository.Files(pattern)).Where(path => HomeFolder().IsMatch(Repository.Read(path))));

    [Fact]
    public void No_package_source_is_named() => Assert.Empty(Repository.Files("*").Where(path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase)));

    [Theory]
    [InlineData("Helper")]
    [InlineData("Utils")]
    [InlineData("Utility")]
    [InlineData("Manager")]
    [InlineData("Common")]
    public void No_file_is_named_for_a_bin(string word) =>
        Assert.Empty(Repository.Files("*.cs", product).Where(path => Path.GetFileNameWithoutExtension(path).EndsWith(word, StringComparison.Ordinal)));

    [GeneratedRegex(@"(?<![\w.:/}])/(home|root|work|Users)/[\w.-]+|\.\./shared\b")]
    private static partial Regex HomeFolder();
}
