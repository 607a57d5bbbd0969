using Microsoft.EntityFrameworkCore;

// An app that tools load: the build writes its OpenAPI document, and dotnet ef its migrations.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenApi();
builder.Services.AddDbContext<AppData>(options => options.UseSqlite("Data Source=app.db"));
builder.Services.AddAuthentication().AddHanzoSessionToken();
builder.Services.AddAuthorization();
var sessions = builder.Services.AddHanzoSessions(options => options.CleanupInterval = TimeSpan.FromSeconds(1));
if (builder.Configuration["SessionServer"] is { Length: > 0 } server)
{
    sessions.UsePostgres(server);
}
else
{
    sessions.UseSqlite("Data Source=sessions.db");
}

var app = builder.Build();
app.MapOpenApi();
app.MapGet("/", () => "hello");
app.MapHanzoSessions();
app.Run();

internal sealed class AppData(DbContextOptions<AppData> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();
}

internal sealed class Note
{
    public int Id { get; set; }
}
