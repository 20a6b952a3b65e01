using CdcFlow.Tool.Scaffold;

namespace CdcFlow.Tool.Tests;

public sealed class ConnectionStringsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-tool-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Name_is_looked_up_in_the_settings()
    {
        Write("appsettings.json", """{ "ConnectionStrings": { "shop": "Host=a", "bus": "Host=c" } }""");
        Write("appsettings.Development.json", """{ "ConnectionStrings": { "shop": "Host=b" } }""");
        Assert.Equal("Host=b", ConnectionStrings.Find("shop", folder));
        Assert.Equal("Host=c", ConnectionStrings.Find("bus", folder));
    }

    [Fact]
    public void Environment_wins()
    {
        Write("appsettings.json", """{ "ConnectionStrings": { "scaffold-wins": "Host=a" } }""");
        Environment.SetEnvironmentVariable("ConnectionStrings__scaffold-wins", "Host=b");
        Assert.Equal("Host=b", ConnectionStrings.Find("scaffold-wins", folder));
    }

    [Fact]
    public void String_is_itself() => Assert.Equal("Host=a", ConnectionStrings.Find("Host=a", folder));

    [Fact]
    public void Name_that_is_nowhere_is_told_where_it_was_sought()
    {
        var error = Assert.Throws<CdcFlowException>(() => ConnectionStrings.Find("shop", folder));
        Assert.StartsWith(
            $"CDCF1002: Connection 'shop' has no connection string. Set ConnectionStrings:shop in appsettings.json of {folder}, or ConnectionStrings__shop in the environment", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_no_json_are_named_with_the_line()
    {
        Write("appsettings.json", "{\n  \"ConnectionStrings\": \n}");
        var error = Assert.Throws<CdcFlowException>(() => ConnectionStrings.Find("shop", folder));
        Assert.StartsWith("CDCF1015: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 2", error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    [Theory, InlineData("postgres://app:secret@db.example:5432/shop"), InlineData("app:secret@db.example")]
    public void Address_is_not_repeated(string given)
    {
        var error = Assert.Throws<CdcFlowException>(() => ConnectionStrings.Find(given, folder));
        Assert.Equal("CDCF1002", error.Code);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Write it as Host=…;Username=…;Password=…;Database=…", error.Message, StringComparison.Ordinal);
    }
}
