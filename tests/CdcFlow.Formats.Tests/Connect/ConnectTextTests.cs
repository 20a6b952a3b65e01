using System.Text;
using System.Text.Json;
using CdcFlow.Formats.Connect;
using CdcFlow.Formats.Json;

namespace CdcFlow.Formats.Tests.Connect;

public sealed class ConnectTextTests
{
    [Fact]
    public void Escapes_are_the_converters()
    {
        Assert.Equal("\"a\\b\\t\\n\\f\\r\\u0001\\u001F\\\"\\\\/\u007F\u2028é\"", Spelled("a\b\t\n\f\r\u0001\u001f\"\\/\u007f\u2028é"));
        Assert.Equal("\"Straße \\uD83D\\uDE00\"", Spelled("Straße 😀"));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_keeps_its_code()
    {
        Assert.Equal("\"x\\uD83Dy\\uDE00\"", Spelled("x\ud83dy\ude00"));
        using var output = new ByteBuffer();
        JsonText.Append(output, "x\ud83dy\ude00 😀");
        Assert.Equal("\"x\\uD83Dy\\uDE00 😀\"", Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Any_text_is_json_that_reads_back_as_the_text()
    {
        var random = new Random(11);
        for (var round = 0; round < 3000; round++)
        {
            var text = Arbitrary.Text(random, random.Next(200));
            var spelled = Spelled(text);
            Assert.Equal(Reference(text), spelled);
            if (Arbitrary.IsUnicode(text))
            {
                Assert.Equal(text, JsonElement.Parse(spelled).GetString());
            }
            else
            {
                using var parsed = JsonDocument.Parse(spelled); // still JSON
            }
        }
    }

    private static string Spelled(string text)
    {
        using var output = new ByteBuffer(16);
        ConnectText.Append(output, text);
        return Encoding.UTF8.GetString(output.Written);
    }

    private static string Reference(string text) => "\"" + string.Concat(text.Select(letter => letter switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' or (>= '\ud800' and <= '\udfff') => $"\\u{(int)letter:X4}",
        _ => letter.ToString(),
    })) + "\"";
}
